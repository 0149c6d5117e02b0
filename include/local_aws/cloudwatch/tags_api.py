"""Tags of alarms and dashboards."""

from __future__ import annotations

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire.errors import AwsError
from . import alarms, dashboards_api
from .metric_data import invalid, wrong

MOST = 50


@operation("cloudwatch", "TagResource")
def tag_resource(aws: Aws, request: Doc) -> Doc:
    arn = _existing(aws, request)
    keys = {tag["Key"] for tag in [*aws.store.tags(arn), *request["Tags"]]}
    if len(keys) > MOST:
        raise invalid(f"A resource can have no more than {MOST} tags, not {len(keys)}.")
    aws.store.put_tags(arn, request["Tags"])
    return {}


@operation("cloudwatch", "UntagResource")
def untag_resource(aws: Aws, request: Doc) -> Doc:
    aws.store.remove_tags(_existing(aws, request), request["TagKeys"])
    return {}


@operation("cloudwatch", "ListTagsForResource")
def list_tags_for_resource(aws: Aws, request: Doc) -> Doc:
    return {"Tags": aws.store.tags(_existing(aws, request))}


def _existing(aws: Aws, request: Doc) -> str:
    """Return the ARN of the alarm or dashboard that a request names."""
    arn = str(request["ResourceARN"])
    if not arn.startswith("arn:aws:cloudwatch:"):
        raise wrong(arn, "ResourceARN")
    known = {alarms.arn_of(aws, doc["AlarmName"]) for doc in aws.store.list(alarms.KIND)}
    for doc in aws.store.list(dashboards_api.KIND):
        known.add(dashboards_api.arn_of(aws, doc["DashboardName"]))
    if arn in known:
        return arn
    raise AwsError("ResourceNotFoundException", f"Resource {arn} does not exist.", 404)
