"""Tags of every resource, by ARN."""

from __future__ import annotations

from include.local_aws.context import Aws
from include.local_aws.registry import operation
from include.local_aws.store import Doc
from include.local_aws.wire import paging


@operation("sagemaker", "AddTags")
def add_tags(aws: Aws, request: Doc) -> Doc:
    aws.store.put_tags(request["ResourceArn"], request["Tags"])
    return {"Tags": aws.store.tags(request["ResourceArn"])}


@operation("sagemaker", "ListTags")
def list_tags(aws: Aws, request: Doc) -> Doc:
    tags, token = paging.page(aws.store.tags(request["ResourceArn"]), request)
    return {"Tags": tags, "NextToken": token}


@operation("sagemaker", "DeleteTags")
def delete_tags(aws: Aws, request: Doc) -> Doc:
    aws.store.remove_tags(request["ResourceArn"], request["TagKeys"])
    return {}
