"""The operations on the account's settings and on tags."""

from __future__ import annotations

import re

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc, Duplicate
from . import apis, patches
from .errors import bad_request, not_found

SERVICE = "apigateway"
KIND, NAME = "api-account", "settings"
ROLE = re.compile(r"arn:aws:iam::\d{12}:role/.+")
TAGGED = re.compile(
    r"/(?P<kind>restapis|apikeys|usageplans)/(?P<id>\w+)(/stages/(?P<stage>[\w-]+))?"
)
KINDS = {"restapis": apis.KIND, "apikeys": "api-key", "usageplans": "usage-plan"}


def log_role(aws: Aws) -> str | None:
    """Return the ARN of the role that writes logs of API Gateway."""
    role: str | None = (aws.store.get(KIND, NAME) or {}).get("cloudwatchRoleArn")
    return role


@operation(SERVICE, "GetAccount")
def get_account(aws: Aws, request: Doc) -> Doc:
    return {
        "cloudwatchRoleArn": log_role(aws),
        "throttleSettings": {"burstLimit": 5000, "rateLimit": 10000.0},
        "features": ["UsagePlans"],
        "apiKeyVersion": "4",
    }


@operation(SERVICE, "UpdateAccount")
def update_account(aws: Aws, request: Doc) -> Doc:
    settings: Doc = {"cloudwatchRoleArn": log_role(aws)}
    patches.apply(settings, request.get("patchOperations"), {"/cloudwatchRoleArn": _role})
    try:
        aws.store.insert(KIND, NAME, settings)
    except Duplicate:
        aws.store.update(KIND, NAME, **settings)
    return get_account(aws, request)


def _role(value: str) -> str:
    if not ROLE.fullmatch(value):
        raise bad_request("The role ARN does not have required permissions configured.")
    return value


@operation(SERVICE, "TagResource")
def tag_resource(aws: Aws, request: Doc) -> Doc:
    apis.put_tags(aws, _path(aws, request), request["tags"])
    return {}


@operation(SERVICE, "UntagResource")
def untag_resource(aws: Aws, request: Doc) -> Doc:
    aws.store.remove_tags(apis.arn(aws, _path(aws, request)), request["tagKeys"])
    return {}


@operation(SERVICE, "GetTags")
def get_tags(aws: Aws, request: Doc) -> Doc:
    return {"tags": apis.tags(aws, _path(aws, request))}


def _path(aws: Aws, request: Doc) -> str:
    """Return the path of an ARN's resource; raise AwsError for an unknown one."""
    given: str = request["resourceArn"]
    path = given.removeprefix(apis.arn(aws, ""))
    match = TAGGED.fullmatch(path)
    if match is None or path == given:
        raise bad_request(f"Invalid ARN specified in the request: {given}")
    kind, name = KINDS[match["kind"]], match["id"]
    if match["stage"]:
        kind, name = "api-stage", f"{name}/{match['stage']}"
    if aws.store.get(kind, name) is None:
        raise not_found("Invalid resource identifier specified")
    return path
