"""Actions and contexts: the named entities of lineage."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire.errors import not_found, validation
from .queries import refuse_associated, with_source


def _entity(noun: str) -> Resource:
    return Resource(
        noun=noun,
        kind=noun.lower(),
        summaries=f"{noun}Summaries",
        taken=lambda name, arn: validation(
            f"{noun} names must be unique within an AWS account and region. "
            f"{noun} with name '{name}' already exists."
        ),
        unknown=lambda name, arn: not_found(f"{noun} '{name}' does not exist."),
        equal=(f"{noun}Type",),
        merged=("Properties",),
    )


def _register(entity: Resource) -> None:
    def listed(aws: Aws, request: Doc) -> Doc:
        return entity.list(aws, request, with_source(aws.store.list(entity.kind), request))

    def delete(aws: Aws, request: Doc) -> Doc:
        refuse_associated(aws, entity.get(aws, request[entity.name])[f"{entity.noun}Arn"])
        return entity.delete(aws, request[entity.name])

    entity.register("Create", "Describe", "Update")
    operation("sagemaker", f"List{entity.noun}s")(listed)
    operation("sagemaker", f"Delete{entity.noun}")(delete)


for _noun in ("Action", "Context"):
    _register(_entity(_noun))
