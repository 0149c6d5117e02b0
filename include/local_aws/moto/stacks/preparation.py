"""Prepare moto's CloudFormation: complete its resources, and refuse types that are not emulated."""

from __future__ import annotations

import functools
from typing import Any

from botocore.exceptions import ClientError
from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import ChangeSet

from ..iam import BOUNDED
from ..own_services import Origin
from . import buckets, budgets, capabilities, keys, model_package_groups, roles

OWN = tuple(
    f"AWS::{service}::"
    for service in ("ApiGateway", "ApplicationAutoScaling", "CloudWatch", "Logs", "SageMaker")
)
USER, BOUNDARY = "AWS::IAM::User", "PermissionsBoundary"
EMULATED = frozenset({model_package_groups.TYPE, budgets.TYPE})


@functools.cache
def prepare(origin: Origin) -> None:
    """Complete stacks, once; resources of our own services are created through *origin*."""
    model_package_groups.emulate(origin)
    buckets.complete(origin)
    keys.complete()
    roles.complete()
    capabilities.demand()
    _refuse_other_types()
    _report_errors()
    _drop_missing_items()
    _keep_outputs_of_change_sets()


def _refuse_other_types() -> None:
    """Refuse a stack before it creates anything, where moto would leave a resource out."""
    class_of = parsing.resource_class_from_type
    load_conditions = parsing.ResourceMap.load_conditions

    def checked(kind: str) -> Any:
        emulated = kind in EMULATED or not kind.startswith(OWN)
        model = class_of(kind) if emulated else None
        if model is None and kind not in parsing.NULL_MODELS:
            advice = "Create it by the API of its service."
            raise ValidationError(message=f"{kind} is not emulated in stacks. {advice}")
        return model

    def load_and_check(resources: Any) -> None:
        load_conditions(resources)
        for resource in resources._template.get("Resources", {}).values():
            condition = resource.get("Condition")
            if not condition or resources.lazy_condition_map[condition]:
                checked(resource["Type"])
                if resource["Type"] == USER and BOUNDARY in resource.get("Properties", {}):
                    raise ValidationError(message=BOUNDED)

    parsing.resource_class_from_type = checked
    parsing.ResourceMap.load_conditions = load_and_check


def _report_errors() -> None:
    """Refuse a stack with the error of the service that refuses its resource."""
    create = parsing.parse_and_create_resource

    def created(logical_id: str, *arguments: Any, **rest: Any) -> Any:
        try:
            return create(logical_id, *arguments, **rest)
        except ClientError as error:
            raise ValidationError(message=f"Resource {logical_id}: {error}") from error

    parsing.parse_and_create_resource = created


def _drop_missing_items() -> None:
    """Leave AWS::NoValue out of lists; moto leaves it out of objects only."""
    clean = parsing.clean_json

    def cleaned(value: Any, resources: Any) -> Any:
        result = clean(value, resources)
        if isinstance(value, list):
            return [item for item in result if item is not None]
        return result

    parsing.clean_json = cleaned


def _keep_outputs_of_change_sets() -> None:
    """Give a stack the outputs of the change set that is executed."""
    apply = ChangeSet.apply

    def apply_with_outputs(change_set: Any) -> None:
        apply(change_set)
        stack = change_set.stack
        stack.template_dict = change_set.template_dict
        stack.output_map = stack._create_output_map()

    ChangeSet.apply = apply_with_outputs
