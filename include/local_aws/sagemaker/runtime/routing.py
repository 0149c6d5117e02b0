"""The choice of the model that answers a request: of a variant, or of an inference component."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .components import NoCapacityError
from .connections import Invocation
from .errors import invalid
from .headers import INFERENCE_COMPONENT, TARGET_VARIANT, Headers, forwarded
from .targets import target_of

if TYPE_CHECKING:
    from ...core.account import Aws
    from .components import Component
    from .deployments import Variant
    from .observations import Observations
    from .streaming import Stream
    from .traffic import Traffic

REQUIRED = (
    "Inference Component Name header is required for endpoints to which you plan to deploy "
    "inference components. Please include Inference Component Name header or consider using "
    "SageMaker models."
)
NOT_ALLOWED = (
    "Inference Component Name header is not allowed for endpoints to which you dont plan to deploy "
    "inference components. Please remove the Inference Component Name header and try again."
)


class Router:
    """Selects the variant or component that answers each request."""

    def __init__(
        self, aws: Aws, components: Mapping[str, Component], observations: Observations
    ) -> None:
        self._aws = aws
        self._components = components
        self._observations = observations

    def directed(
        self, traffic: Traffic, headers: Headers, name: str, body: bytes, stream: Stream | None
    ) -> tuple[Variant, Invocation]:
        """Return the variant for a request to endpoint *name*, and the invocation there."""
        variant = self._chosen(traffic, headers, name)
        target = target_of(variant, headers, name)
        if stream is None:
            return variant, Invocation(forwarded(headers), body, target)
        stream.variant = variant.name
        return variant, Invocation(forwarded(headers), body, target, stream=stream.add)

    def _chosen(self, traffic: Traffic, headers: Headers, endpoint: str) -> Variant:
        component = headers.get(INFERENCE_COMPONENT)
        if not traffic.present.hosts_components:
            if component is not None:
                raise invalid(NOT_ALLOWED)
            return _variant(traffic, headers, endpoint)
        if component is None:
            raise invalid(REQUIRED)
        return self._of_component(component.decode("latin-1"), endpoint)

    def _of_component(self, name: str, endpoint: str) -> Variant:
        component = self._components.get(name)
        if component is None or component.endpoint != endpoint:
            raise invalid(
                f"Inference Component {name} of account {self._aws.account} not found on endpoint "
                f"{endpoint}."
            )
        try:
            return component.choose()
        except NoCapacityError:
            self._observations.recorder.record_no_capacity(name)
            raise


def _variant(traffic: Traffic, headers: Headers, endpoint: str) -> Variant:
    target = headers.get(TARGET_VARIANT)
    name = None if target is None else target.decode("latin-1")
    variant = traffic.choose(name)
    if variant is None:
        known = ", ".join(traffic.present.variants)
        raise invalid(f"Variant {name} not found in endpoint {endpoint}. It has: {known}.")
    return variant
