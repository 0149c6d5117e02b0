"""The settings of a stage that patch operations change: throttling, access log, variables."""

from __future__ import annotations

import re

from ..core.account import Aws
from ..core.store import Doc
from . import patches
from .account_api import log_role
from .errors import bad_request, not_emulated

DESTINATION = re.compile(r"arn:aws:logs:[a-z0-9-]+:(\d{12}):log-group:([^:*]+)(:\*)?")
RULES: patches.Rules = {
    "/deploymentId": patches.text,
    "/description": patches.text,
    "/variables/*": patches.text,
}
LOG_RULES: patches.Rules = {
    "/accessLogSettings/destinationArn": patches.text,
    "/accessLogSettings/format": patches.text,
}
THROTTLING = {
    "throttling/rateLimit": ("throttlingRateLimit", patches.number),
    "throttling/burstLimit": ("throttlingBurstLimit", patches.whole),
}
OFF = {  # method settings whose only emulated value is their default
    "logging/loglevel": ("OFF", "Execution logs are not emulated. Use accessLogSettings."),
    "logging/dataTrace": ("false", "Execution logs are not emulated. Use accessLogSettings."),
    "metrics/enabled": ("false", "Read the metrics of the endpoint."),
    "caching/enabled": ("false", "Caches are not emulated."),
}
SETTING = re.compile(r"/(?P<resource>[^/]+)/(?P<method>[^/]+)/(?P<name>[^/]+/[^/]+)")
ALLOWED = [*RULES, *LOG_RULES, "/accessLogSettings", "/{resourcePath}/{httpMethod}/throttling/..."]


def change(aws: Aws, stage: Doc, operations: list[Doc]) -> None:
    """Change *stage* by patch operations; raise AwsError for one that is not possible."""
    for operation in operations:
        path = operation.get("path") or ""
        if path == "/accessLogSettings" and operation.get("op") == "remove":
            stage["accessLogSettings"] = None
        elif path.startswith("/accessLogSettings/"):
            patches.apply(stage, [operation], LOG_RULES)
        elif setting := SETTING.fullmatch(path):
            _change_method(stage, setting, operation)
        elif path == "/variables" or any(path.startswith(rule.rstrip("*")) for rule in RULES):
            patches.apply(stage, [operation], RULES)
        elif re.fullmatch(r"/[^/]+/[^/]+", path) and operation.get("op") == "remove":
            stage["methodSettings"].pop("/".join(patches.places(path)).lstrip("/"), None)
        else:
            raise patches.invalid(operation, ALLOWED)
    _check_log(aws, stage)


def _change_method(stage: Doc, setting: re.Match[str], operation: Doc) -> None:
    name = setting["name"]
    resource, method = (patches.places(f"/{setting[part]}")[0] for part in ("resource", "method"))
    place = f"{resource.lstrip('/')}/{method}"
    value = operation.get("value") or ""
    if name in OFF:
        usual, advice = OFF[name]
        if value.lower() != usual.lower():
            raise not_emulated("UpdateStage", f"{name} {value}", advice)
        return
    if name not in THROTTLING or operation.get("op") not in ("add", "replace"):
        raise patches.invalid(operation, ALLOWED)
    member, convert = THROTTLING[name]
    stage["methodSettings"].setdefault(place, {})[member] = convert(value)


def _check_log(aws: Aws, stage: Doc) -> None:
    settings = stage.get("accessLogSettings")
    if not settings or not settings.get("destinationArn"):
        return
    destination = DESTINATION.fullmatch(settings["destinationArn"])
    if destination is None or destination[1] != aws.account:
        raise bad_request(
            "Invalid ARN specified in the request. Give the ARN of a log group of the account, "
            f"such as arn:aws:logs:{aws.region}:{aws.account}:log-group:NAME."
        )
    if "$context.requestId" not in settings.get("format", ""):
        raise bad_request("Access Log format must contain at least $context.requestId")
    if not log_role(aws):
        raise bad_request(
            "CloudWatch Logs role ARN must be set in account settings to enable logging"
        )
