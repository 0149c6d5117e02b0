"""Contexts: what lineage entities belong to: an endpoint, a model group."""

from __future__ import annotations

from include.local_aws.context import Aws
from include.local_aws.registry import Resource, operation
from include.local_aws.services.lineage import refuse_associated, with_source
from include.local_aws.store import Doc
from include.local_aws.wire.errors import not_found, validation

CONTEXT = Resource(
    noun="Context",
    kind="context",
    summaries="ContextSummaries",
    taken=lambda name, arn: validation(
        "Context names must be unique within an AWS account and region. "
        f"Context with name '{name}' already exists."
    ),
    unknown=lambda name, arn: not_found(f"Context '{name}' does not exist."),
    equal=("ContextType",),
    merged=("Properties",),
)
CONTEXT.register("Create", "Describe", "Update")


@operation("sagemaker", "ListContexts")
def list_contexts(aws: Aws, request: Doc) -> Doc:
    return CONTEXT.list(aws, request, with_source(aws.store.list(CONTEXT.kind), request))


@operation("sagemaker", "DeleteContext")
def delete_context(aws: Aws, request: Doc) -> Doc:
    refuse_associated(aws, CONTEXT.get(aws, request["ContextName"])["ContextArn"])
    return CONTEXT.delete(aws, request["ContextName"])
