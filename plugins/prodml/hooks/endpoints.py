"""Bring an endpoint onto a configuration, and say honestly whether it is there."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

from prodml.exceptions import DeploymentError
from prodml.hooks.aws import Aws, is_absent
from prodml.hooks.jobs import Jobs, patiently, pause, refused
from prodml.vocabulary import ENDPOINT, EndpointStatus, Json

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Endpoint:
    """One endpoint, through one connection."""

    aws: Aws
    name: str
    poll_interval: float = 1.0

    @property
    def sagemaker(self) -> Any:
        return self.aws.client("sagemaker")

    def describe(self) -> Json | None:
        """What the endpoint is now; None if there is none."""
        from botocore.exceptions import ClientError

        try:
            found: Json = patiently(self.sagemaker.describe_endpoint, EndpointName=self.name)
        except ClientError as error:
            if is_absent(error):
                return None
            raise
        return found

    def settle(self) -> Json | None:
        """Wait until nobody changes the endpoint any more, also somebody else's change."""
        began = time.monotonic()
        while (found := self.describe()) and not Jobs(self.aws, ENDPOINT).settled(found):
            time.sleep(pause(self.poll_interval, time.monotonic() - began))
        return found

    def request(self, config: str, tags: list[dict[str, str]]) -> bool:
        """Ask for *config*; return whether there was anything to ask for."""
        found = self.settle()
        if found and found["EndpointStatus"] == EndpointStatus.FAILED:
            # SageMaker neither updates nor repairs an endpoint that was never in service.
            self.delete()
            found = None
        if found is None:
            self._ask("create_endpoint", config, Tags=tags)
        elif not serves(found, config):
            self._ask("update_endpoint", config, **self._retained(found, config))
        else:
            log.info("Endpoint %s is on %s already", self.name, config)
            return False
        return True

    def _ask(self, method: str, config: str, **more: Any) -> None:
        from botocore.exceptions import ClientError

        call = getattr(self.sagemaker, method)
        try:
            patiently(call, EndpointName=self.name, EndpointConfigName=config, **more)
        except ClientError as error:
            raise refused(f"move endpoint {self.name!r} to {config!r}", error) from error
        log.info("Asked endpoint %s to move to %s", self.name, config)

    def _retained(self, found: Json, config: str) -> Json:
        """Keep what autoscaling has decided, but take the new configuration's data capture."""
        wanted = self.sagemaker.describe_endpoint_config(EndpointConfigName=config)
        if names(wanted) != names(found):
            return {}
        return {
            "RetainAllVariantProperties": True,
            "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DataCaptureConfig"}],
        }

    def verified(self, config: str, at_least: dict[str, int]) -> Json:
        """Return the description if the endpoint serves *config*, else raise with the reason.

        InService alone proves nothing: an update that was rolled back ends there too, on the old
        configuration.
        """
        found = self.describe() or {"EndpointStatus": "gone"}
        if not serves(found, config):
            raise DeploymentError(
                f"Endpoint {self.name} is {found['EndpointStatus']} on "
                f"{found.get('EndpointConfigName')}, not in service on {config}: "
                f"{found.get('FailureReason') or 'no reason given'}. "
                f"Read the log group {ENDPOINT.log_group}/{self.name}; what served before "
                "still does unless the endpoint is new."
            )
        counts = instances(found)
        if few := {v: n for v, n in at_least.items() if counts.get(v, 0) < n}:
            raise DeploymentError(
                f"Endpoint {self.name} is on {config}, but runs {counts} instances instead of at "
                f"least {few}. Look at its scaling activities."
            )
        return found

    def delete(self) -> bool:
        """Delete the endpoint and wait until it is gone; False if there was none."""
        if self.describe() is None:
            return False
        self.settle()
        patiently(self.sagemaker.delete_endpoint, EndpointName=self.name)
        began = time.monotonic()
        while self.describe() is not None:
            time.sleep(pause(self.poll_interval, time.monotonic() - began))
        return True


def serves(found: Json, config: str) -> bool:
    """Whether the endpoint is in service on *config* and nothing has failed on the way."""
    in_service = found["EndpointStatus"] == EndpointStatus.IN_SERVICE
    on_config = found.get("EndpointConfigName") == config
    return in_service and on_config and not found.get("FailureReason")


def names(description: Json) -> set[str]:
    return {variant["VariantName"] for variant in description.get("ProductionVariants", [])}


def instances(description: Json) -> dict[str, int]:
    """Running instances by variant."""
    variants = description.get("ProductionVariants", [])
    return {v["VariantName"]: int(v.get("CurrentInstanceCount") or 0) for v in variants}
