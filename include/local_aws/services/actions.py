"""Actions: what was done, as lineage has it: a deployment, an approval."""

from __future__ import annotations

from include.local_aws.context import Aws
from include.local_aws.registry import Resource, operation
from include.local_aws.services.lineage import refuse_associated, with_source
from include.local_aws.store import Doc
from include.local_aws.wire.errors import not_found, validation

ACTION = Resource(
    noun="Action",
    kind="action",
    summaries="ActionSummaries",
    taken=lambda name, arn: validation(
        "Action names must be unique within an AWS account and region. "
        f"Action with name '{name}' already exists."
    ),
    unknown=lambda name, arn: not_found(f"Action '{name}' does not exist."),
    equal=("ActionType",),
    merged=("Properties",),
)
ACTION.register("Create", "Describe", "Update")


@operation("sagemaker", "ListActions")
def list_actions(aws: Aws, request: Doc) -> Doc:
    return ACTION.list(aws, request, with_source(aws.store.list(ACTION.kind), request))


@operation("sagemaker", "DeleteAction")
def delete_action(aws: Aws, request: Doc) -> Doc:
    refuse_associated(aws, ACTION.get(aws, request["ActionName"])["ActionArn"])
    return ACTION.delete(aws, request["ActionName"])
