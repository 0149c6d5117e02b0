"""The records of a request: its metrics and, if configured, its capture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .capture import Capture
from .invocations import Place, Recorder

if TYPE_CHECKING:
    from ...core.account import Aws
    from .connections import Response
    from .deployments import Variant

UTILIZATION = "ServerlessProvisionedConcurrencyUtilization"


class Observations:
    """Counts invocations, and captures those that succeeded."""

    def __init__(self, aws: Aws) -> None:
        self.recorder = Recorder(aws)
        self.capture = Capture(aws)

    def record(
        self,
        endpoint: str,
        variant: Variant,
        request: tuple[dict[bytes, bytes], bytes],
        response: Response,
        model_seconds: float,
        overhead: float,
    ) -> None:
        """Record one invocation; times are in seconds."""
        place = Place(endpoint, variant.name, _config_of(variant), variant.component)
        status, instances = response.status or 500, len(variant.instances)
        setup = response.setup_seconds
        self.recorder.record(place, status, instances, model_seconds - setup, overhead + setup)
        if variant.setup_metric:
            self.recorder.record_setup(place, variant.setup_metric, setup)
        self.recorder.record_containers(place, response.seconds)
        if response.is_success:
            shadow = variant.name in variant.deployment.shadows
            self.capture.note(place[:2], variant.deployment.capture, *request, response, shadow)

    def record_utilization(self, place: Place, variant: Variant) -> None:
        """Record the use of a serverless variant's provisioned concurrency."""
        if (use := variant.utilization()) is not None:
            self.recorder.record_value(place, UTILIZATION, use)


def _config_of(variant: Variant) -> str:
    """Return the configuration whose metrics are kept apart; a component has those of its own."""
    return "" if variant.component else variant.deployment.config
