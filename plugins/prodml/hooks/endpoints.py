"""Bring an endpoint onto a configuration, and say honestly whether it is there."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prodml.exceptions import DeploymentError
from prodml.hooks.aws import Aws, is_absent
from prodml.hooks.calls import patiently, refused
from prodml.hooks.jobs import Jobs
from prodml.hooks.pace import pause
from prodml.rollout import Rollout
from prodml.vocabulary import ENDPOINT, EndpointStatus, Json

log = logging.getLogger(__name__)
INTERRUPTIONS = 20  # how often a call may find the endpoint busy before the task gives up


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

    def packages(self) -> list[str]:
        """The versions of model packages that serve, once nobody changes the endpoint any more."""
        found = self.settle()
        if not found:
            return []
        config = self.sagemaker.describe_endpoint_config(
            EndpointConfigName=found["EndpointConfigName"]
        )
        models = [
            self.sagemaker.describe_model(ModelName=variant["ModelName"])
            for variant in config["ProductionVariants"]
        ]
        arns = [model.get("PrimaryContainer", {}).get("ModelPackageName") for model in models]
        return [arn for arn in arns if arn]

    def request(
        self,
        config: str,
        tags: list[dict[str, str]],
        rollout: Rollout | None = None,
        recheck: Callable[[], None] = lambda: None,
    ) -> bool:
        """Ask for *config*; return whether there was anything to ask for.

        *recheck* has the last word before each request, once nobody else changes the endpoint.
        """
        found = self.settle()
        recheck()
        if found and found["EndpointStatus"] == EndpointStatus.FAILED:
            # SageMaker neither updates nor repairs an endpoint that was never in service.
            self.delete()
            found = None
        if found is None:
            self._ask("create_endpoint", recheck, EndpointConfigName=config, Tags=tags)
        elif not serves(found, config):
            how = self._retained(found, config) | (rollout or Rollout()).request()
            self._ask("update_endpoint", recheck, EndpointConfigName=config, **how)
        else:
            log.info("Endpoint %s is on %s already", self.name, config)
            return False
        return True

    def _ask(self, method: str, recheck: Callable[[], None] = lambda: None, **request: Any) -> None:
        """Make a call that SageMaker refuses while something else, say scaling, is under way."""
        from botocore.exceptions import ClientError

        call = getattr(self.sagemaker, method)
        for _ in range(INTERRUPTIONS):
            try:
                patiently(call, EndpointName=self.name, **request)
                log.info("Asked for %s of endpoint %s", method, self.name)
                return
            except ClientError as error:
                if "in-progress" not in str(error):
                    raise refused(f"{method} {self.name!r} ({request})", error) from error
                self.settle()
                recheck()
        raise DeploymentError(f"Endpoint {self.name} is busy all the time. Look at who changes it.")

    def _retained(self, found: Json, config: str) -> Json:
        """Keep what autoscaling has decided, but take the new configuration's data capture."""
        wanted = self.sagemaker.describe_endpoint_config(EndpointConfigName=config)
        if names(wanted) != names(found):
            return {}
        return {
            "RetainAllVariantProperties": True,
            "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DataCaptureConfig"}],
        }

    def verified(self, config: str, changed: bool) -> Json:
        """Wait, and return the description if the endpoint serves *config*; else raise the reason.

        InService alone proves nothing: an update that was rolled back ends there too, on the old
        configuration. Where nothing was *changed*, a failure that is reported is another one's.
        """
        found = self.settle() or {"EndpointStatus": "gone"}
        reason = found.get("FailureReason")
        if not serves(found, config) or (changed and reason):
            raise DeploymentError(
                f"Endpoint {self.name} is {found['EndpointStatus']} on "
                f"{found.get('EndpointConfigName')}, not in service on {config}: "
                f"{reason or 'no reason given'}. Read the log group "
                f"{ENDPOINT.log_group}/{self.name}; what served before, still does."
            )
        if few := {v: n for v, n in instances(found).items() if n < desired(found)[v]}:
            raise DeploymentError(
                f"Endpoint {self.name} is on {config}, but only {few} instances run of "
                f"{desired(found)}. Look at its scaling activities."
            )
        return found

    def delete(self) -> bool:
        """Delete the endpoint and wait until it is gone; False if there was none."""
        if self.describe() is None:
            return False
        self.settle()
        self._ask("delete_endpoint")
        began = time.monotonic()
        while self.describe() is not None:
            time.sleep(pause(self.poll_interval, time.monotonic() - began))
        return True


def serves(found: Json, config: str) -> bool:
    """Whether the endpoint is in service on *config*."""
    in_service = found["EndpointStatus"] == EndpointStatus.IN_SERVICE
    return in_service and found.get("EndpointConfigName") == config


def names(description: Json) -> set[str]:
    return {variant["VariantName"] for variant in description.get("ProductionVariants", [])}


def instances(description: Json) -> dict[str, int]:
    """Running instances by variant."""
    variants = description.get("ProductionVariants", [])
    return {v["VariantName"]: int(v.get("CurrentInstanceCount") or 0) for v in variants}


def desired(description: Json) -> dict[str, int]:
    """Instances that should run, by variant."""
    variants = description.get("ProductionVariants", [])
    return {v["VariantName"]: int(v.get("DesiredInstanceCount") or 0) for v in variants}
