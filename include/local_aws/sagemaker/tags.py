"""Tags of every resource, by ARN."""

from __future__ import annotations

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire import paging
from ..wire.errors import AwsError, validation

MOST_TAGS = 50
# Whose tags the exact ARN alone has.
KEEPS_CASE = frozenset({"hyper-parameter-tuning-job", "pipeline"})


@operation("sagemaker", "AddTags")
def add_tags(aws: Aws, request: Doc) -> Doc:
    arn = _existing(aws, request)
    keys = {tag["Key"] for tag in (*aws.store.tags(arn), *request["Tags"])}
    if len(keys) > MOST_TAGS:
        message = f"{arn} would have {len(keys)} tags; at most {MOST_TAGS} are allowed."
        raise AwsError("ResourceLimitExceeded", message)
    aws.store.put_tags(arn, request["Tags"])
    return {"Tags": aws.store.tags(arn)}


@operation("sagemaker", "ListTags")
def list_tags(aws: Aws, request: Doc) -> Doc:
    tags, token = paging.page(aws.store.tags(_existing(aws, request)), request)
    return {"Tags": tags, "NextToken": token}


@operation("sagemaker", "DeleteTags")
def delete_tags(aws: Aws, request: Doc) -> Doc:
    aws.store.remove_tags(_existing(aws, request), request["TagKeys"])
    return {}


def _existing(aws: Aws, request: Doc) -> str:
    """Return the ARN that a request names; refuse an unknown resource."""
    arn: str = request["ResourceArn"]
    kind, _, name = arn.split(":", 5)[5].partition("/")
    if kind in KEEPS_CASE and not aws.store.get(kind, name):
        raise validation("Resource does not exist.")
    if not aws.store.has(kind, name, arn):
        raise validation(f"Could not find {kind} {arn}.")
    return arn
