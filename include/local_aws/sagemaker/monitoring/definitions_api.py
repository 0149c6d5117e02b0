"""Operations on job definitions of Model Monitor: data quality and model quality."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ...containers.images import image_for
from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire import paging
from ...wire.errors import in_use, not_found
from .definitions import KINDS, defined

JOB_DEFINITIONS = {
    kind: Resource(
        noun="JobDefinition",
        kind=resource,
        summaries="JobDefinitionSummaries",
        taken=lambda name, arn: in_use(f"Job definition {arn} already exists."),
        unknown=lambda name, arn: not_found(f"Could not find job definition {arn}."),
    )
    for kind, resource in KINDS.items()
}


def _create(kind: str, aws: Aws, request: Doc) -> Doc:
    definition = defined(kind, request)
    image_for(definition.application["ImageUri"])
    return JOB_DEFINITIONS[kind].create(aws, request, EndpointName=definition.endpoint)


def _describe(kind: str, aws: Aws, request: Doc) -> Doc:
    return JOB_DEFINITIONS[kind].get(aws, request["JobDefinitionName"])


def _delete(kind: str, aws: Aws, request: Doc) -> Doc:
    return JOB_DEFINITIONS[kind].delete(aws, request["JobDefinitionName"])


def _list(kind: str, aws: Aws, request: Doc) -> Doc:
    docs = [
        doc
        | {
            "MonitoringJobDefinitionName": doc["JobDefinitionName"],
            "MonitoringJobDefinitionArn": doc["JobDefinitionArn"],
        }
        for doc in aws.store.list(KINDS[kind])
    ]
    matching = paging.filtered(docs, request, "JobDefinitionName", None, ("EndpointName",))
    keys = {"Name": "JobDefinitionName"}
    summaries, token = paging.listed(f"List{kind}JobDefinitions", matching, request, keys)
    return {"JobDefinitionSummaries": summaries, "NextToken": token}


VERBS: dict[str, Callable[[str, Aws, Doc], Doc]] = {
    "Create": _create,
    "Describe": _describe,
    "Delete": _delete,
    "List": _list,
}
for kind in KINDS:
    for verb, handler in VERBS.items():
        plural = "s" if verb == "List" else ""
        operation("sagemaker", f"{verb}{kind}JobDefinition{plural}")(partial(handler, kind))
