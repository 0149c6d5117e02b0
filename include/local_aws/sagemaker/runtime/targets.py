"""The target within a variant that a request names: a container, or a model of many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import invalid
from .headers import TARGET_CONTAINER, TARGET_MODEL, Headers

if TYPE_CHECKING:
    from .deployments import Variant


def target_of(variant: Variant, headers: Headers, endpoint: str) -> str | None:
    """Return the container or the model that answers; None where the variant answers as a whole.

    :raises AwsError: The request names one that the variant does not have, or none where it must.
    """
    model, container = _named(headers, TARGET_MODEL), _named(headers, TARGET_CONTAINER)
    if variant.is_multi_model:
        if model is None:
            raise invalid(
                f"Endpoint {endpoint} is a multi-model endpoint. Give TargetModel, the name of an "
                "archive below its ModelDataUrl."
            )
        return model
    if model is not None:
        raise invalid(
            f"Endpoint {endpoint} is not a multi-model endpoint and does not support target model "
            "header."
        )
    _check_container(variant, container)
    return container


def _check_container(variant: Variant, container: str | None) -> None:
    if variant.is_direct:
        known = variant.container_names()
        if container not in known:
            raise invalid(
                f"Variant {variant.name} is invoked directly: {container!r} is not one of its "
                f"containers. Give TargetContainerHostname one of: {', '.join(known)}."
            )
    elif container is not None:
        raise invalid(
            f"TargetContainerHostname {container!r}: the containers of variant {variant.name} are "
            "not invoked directly. Remove it, or create the model with InferenceExecutionConfig "
            "Mode Direct."
        )


def _named(headers: Headers, header: bytes) -> str | None:
    value = headers.get(header)
    return None if value is None else value.decode("latin-1")
