"""Tags of log groups, by their ARN and by their name."""

from __future__ import annotations

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire.errors import AwsError
from .log_resources import SERVICE, group_arn, group_of, tagged_group

MOST = 50


@operation(SERVICE, "TagResource")
def tag_resource(aws: Aws, request: Doc) -> Doc:
    arn = tagged_group(aws, request["resourceArn"])
    keys = {tag["Key"] for tag in aws.store.tags(arn)} | request["tags"].keys()
    if len(keys) > MOST:
        message = f"A resource can have no more than {MOST} tags, not {len(keys)}."
        raise AwsError("TooManyTagsException", message)
    return _tag(aws, arn, request["tags"])


@operation(SERVICE, "UntagResource")
def untag_resource(aws: Aws, request: Doc) -> Doc:
    aws.store.remove_tags(tagged_group(aws, request["resourceArn"]), request["tagKeys"])
    return {}


@operation(SERVICE, "ListTagsForResource")
def list_tags_for_resource(aws: Aws, request: Doc) -> Doc:
    return _tags(aws, tagged_group(aws, request["resourceArn"]))


@operation(SERVICE, "TagLogGroup")
def tag_log_group(aws: Aws, request: Doc) -> Doc:
    return _tag(aws, group_arn(aws, group_of(aws, request)), request["tags"])


@operation(SERVICE, "UntagLogGroup")
def untag_log_group(aws: Aws, request: Doc) -> Doc:
    aws.store.remove_tags(group_arn(aws, group_of(aws, request)), request["tags"])
    return {}


@operation(SERVICE, "ListTagsLogGroup")
def list_tags_log_group(aws: Aws, request: Doc) -> Doc:
    return _tags(aws, group_arn(aws, group_of(aws, request)))


def _tag(aws: Aws, arn: str, tags: dict[str, str]) -> Doc:
    aws.store.put_tags(arn, [{"Key": key, "Value": value} for key, value in tags.items()])
    return {}


def _tags(aws: Aws, arn: str) -> Doc:
    return {"tags": {tag["Key"]: tag["Value"] for tag in aws.store.tags(arn)}}
