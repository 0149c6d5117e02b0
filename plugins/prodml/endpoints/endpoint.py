"""Read, resize, delete and verify one endpoint, which others may change at the same time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prodml.autoscaling import suspended
from prodml.aws.client import Aws
from prodml.aws.errors import is_retryable, is_taken
from prodml.aws.failure_causes import PASSING, cause
from prodml.aws.logs import advice
from prodml.aws.retries import backoff, present, refused
from prodml.endpoints.resources import describe_config, package_of
from prodml.endpoints.variants import desired, fulfils, instances, names, serves, variants
from prodml.exceptions import DeploymentError, OvertakenError, RolledBackError
from prodml.jobs.jobs import Jobs
from prodml.jobs.polling import pause
from prodml.vocabulary import ENDPOINT, EndpointStatus, Json

log = logging.getLogger(__name__)
INTERRUPTIONS = 20  # tries of a call to a busy endpoint before the task fails


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
        """Return the endpoint's description; None if it does not exist."""
        description: Json | None = present(self.sagemaker.describe_endpoint, EndpointName=self.name)
        return description

    def config(self) -> str | None:
        """Return the endpoint's configuration name; None if there is no endpoint."""
        return (self.describe() or {}).get("EndpointConfigName")

    def settle(self) -> Json | None:
        """Wait until no change of the endpoint is in progress, including those of others."""
        began = time.monotonic()
        while (description := self.describe()) and not Jobs(self.aws, ENDPOINT).settled(
            description
        ):
            time.sleep(pause(self.poll_interval, time.monotonic() - began))
        return description

    def packages(self) -> list[str]:
        """Return the model package versions that serve, once no change is in progress."""
        description = self.settle()
        if not description or description["EndpointStatus"] == EndpointStatus.FAILED:
            return []
        config = describe_config(self.sagemaker, description["EndpointConfigName"])
        models = [v["ModelName"] for v in variants(config) if "ModelName" in v]
        return [arn for model in models if (arn := package_of(self.sagemaker, model))]

    def send(self, method: str, attempt: int, **request: Any) -> bool:
        """Make one call; return False if the caller must check the endpoint again and retry."""
        from botocore.exceptions import ClientError

        try:
            getattr(self.aws.without_retries("sagemaker"), method)(
                EndpointName=self.name, **request
            )
        except Exception as error:
            if is_retryable(error):
                log.warning("AWS throttled or unavailable; retrying: %s", error)
                if self._is_under_way(request):  # only the response was lost
                    return True
                time.sleep(backoff(attempt, first=1.0, most=30.0))
                return False
            if isinstance(error, ClientError) and _is_overtaken(error):
                return False
            raise refused(f"{method} {self.name!r} ({request})", error) from error
        log.info("Called %s for endpoint %s", method, self.name)
        return True

    def _is_under_way(self, request: Json) -> bool:
        """Return whether SageMaker is processing this request."""
        description = self.describe() or {}
        if description.get("EndpointStatus") == "Creating":
            return True
        pending = description.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
        return bool(pending) and pending == request.get("EndpointConfigName")

    def restore(self) -> Json | None:
        """Restore suspended scaling once no update is in progress; return the description."""
        description = self.settle()
        if description:
            suspended.put_back(self.aws, description, names(description))
        return description

    def resize(self, wishes: list[Json], recheck: Callable[[], None] = lambda: None) -> None:
        """Change weights and instance counts of variants, and wait until it is done.

        *recheck* runs before each try. Raises DeploymentError if the change failed: if instances do
        not start, SageMaker restores the former counts and stays in service.
        """
        for attempt in range(INTERRUPTIONS):
            self.settle()
            recheck()
            method = "update_endpoint_weights_and_capacities"
            if self.send(method, attempt, DesiredWeightsAndCapacities=wishes):
                self._refuse_unfulfilled(wishes)
                return
        raise self.busy()

    def _refuse_unfulfilled(self, wishes: list[Json]) -> None:
        description = self.settle() or {}
        now = {v["VariantName"]: v for v in variants(description)}
        if missed := [w for w in wishes if not fulfils(now.get(w["VariantName"], {}), w)]:
            raise DeploymentError(
                f"Endpoint {self.name} did not reach {missed}: "
                f"{description.get('FailureReason', 'no reason given')}. Clear the task to retry."
            )

    def busy(self) -> Exception:
        """Return the error of a change for which the endpoint never had time."""
        return DeploymentError(
            f"Endpoint {self.name} stays busy after {INTERRUPTIONS} tries. Check what updates it."
        )

    def verified(self, config: str, changed: bool) -> Json:
        """Wait, and return the description if the endpoint serves *config*; else raise the reason.

        InService alone is not enough: a rolled back update ends there too, on the old
        configuration. If nothing was *changed*, a reported failure belongs to another update.
        """
        description = self.settle() or {"EndpointStatus": "gone"}
        reason = description.get("FailureReason")
        if not serves(description, config) or (changed and reason):
            raise self._failed(description, config, reason)
        if few := {v: n for v, n in instances(description).items() if n < desired(description)[v]}:
            raise DeploymentError(
                f"Endpoint {self.name} is on {config}, but only {few} instances run of "
                f"{desired(description)}. Check its scaling activities."
            )
        return description

    def _failed(self, description: Json, config: str, reason: str | None) -> Exception:
        """Return the error to raise; a rolled back model is not retried, unless AWS failed."""
        in_service = description["EndpointStatus"] == EndpointStatus.IN_SERVICE
        kind = DeploymentError
        if in_service and cause(reason or "") not in PASSING:
            kind = RolledBackError if reason else OvertakenError
        return kind(
            f"Endpoint {self.name} is {description['EndpointStatus']} on "
            f"{description.get('EndpointConfigName')}, not in service on {config}: "
            f"{(reason or 'no reason given').rstrip('.')}. "
            f"{'The previous model still serves. ' if in_service and reason else ''}{self.advice()}"
        )

    def advice(self) -> str:
        """Return which log to read about what its containers did."""
        return advice(self.aws.client("logs"), f"{ENDPOINT.log_group}/{self.name}")

    def delete(self) -> bool:
        """Delete the endpoint and wait until it is gone; False if there was none."""
        if self.describe() is None:
            return False
        for attempt in range(INTERRUPTIONS):
            if self.settle() is None or self.send("delete_endpoint", attempt):
                break
        else:
            raise self.busy()
        began = time.monotonic()
        while self.describe() is not None:
            time.sleep(pause(self.poll_interval, time.monotonic() - began))
        return True


def _is_overtaken(error: Exception) -> bool:
    """Return whether a call was refused because another change of the endpoint is in progress."""
    text = str(error)  # "deregistered": scaling that was added meanwhile; the next try suspends it
    return "in-progress" in text or "must be deregistered" in text or is_taken(error)
