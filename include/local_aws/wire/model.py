"""botocore's service models: the operations of AWS and their shapes."""

from __future__ import annotations

import functools
import re
from typing import Any

import botocore.session
from botocore.model import (
    ListShape,
    MapShape,
    OperationModel,
    ServiceModel,
    Shape,
    StructureShape,
)

TARGETED = (
    *("sagemaker", "application-autoscaling", "logs", "cloudwatch"),
    *("resourcegroupstaggingapi", "service-quotas"),
)


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()  # each one lists all services of AWS anew


@functools.cache
def service(name: str) -> ServiceModel:
    return _session().get_service_model(name)


@functools.cache
def _operations(service_name: str) -> dict[str, OperationModel]:
    model = service(service_name)
    return {name: model.operation_model(name) for name in model.operation_names}


def operation(service_name: str, operation_name: str) -> OperationModel | None:
    """Return the operation's model, or None when AWS has no such operation.

    Unknown names are not cached: clients choose them, and each would take memory.
    """
    return _operations(service_name).get(operation_name)


def service_of_target(prefix: str) -> str | None:
    """Return the service of an `X-Amz-Target` prefix, among those emulated here."""
    names = (name for name in TARGETED if service(name).metadata.get("targetPrefix") == prefix)
    return next(names, None)


DEFAULT = re.compile(r"default(?: value)? is (?:<code>)?(\w+)|defaults to (\w+)")
PAGE = 10  # of a List operation without a documented default


@functools.cache
def listing_defaults(service_name: str, operation_name: str) -> dict[str, Any]:
    """Return AWS's documented defaults of SortBy, SortOrder and MaxResults of a List operation."""
    known = operation(service_name, operation_name)
    members = known.input_shape.members if known else {}
    documented = {
        name: DEFAULT.search(members[name].documentation)
        for name in ("SortBy", "SortOrder", "MaxResults")
        if name in members
    }
    defaults: dict[str, Any] = {
        name: match[1] or match[2] for name, match in documented.items() if match
    }
    return defaults | {"MaxResults": int(defaults.get("MaxResults", PAGE))}


def project(value: Any, shape: Shape | None) -> Any:
    """Return the members of a stored document that *shape* has, as the response."""
    if isinstance(shape, StructureShape):
        return {
            name: project(item, shape.members[name])
            for name, item in value.items()
            if name in shape.members and item is not None
        }
    if isinstance(shape, ListShape):
        return [project(item, shape.member) for item in value]
    if isinstance(shape, MapShape):
        return {key: project(item, shape.value) for key, item in value.items()}
    return value
