"""Bring an endpoint onto a configuration, and say honestly whether it is there."""

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
from prodml.aws.retries import backoff, present, refused
from prodml.aws.tags import as_tags, by_key, tags_of
from prodml.endpoints import rollback_note
from prodml.endpoints.resources import describe_config, package_of
from prodml.endpoints.rollout import Rollout
from prodml.endpoints.variants import desired, fulfils, instances, names, retyped, serves, variants
from prodml.exceptions import DeploymentError, OvertakenError, RolledBackError
from prodml.jobs.jobs import Jobs
from prodml.jobs.polling import pause
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
        found: Json | None = present(self.sagemaker.describe_endpoint, EndpointName=self.name)
        return found

    def config(self) -> str | None:
        """The configuration that the endpoint is on; None if there is no endpoint."""
        return (self.describe() or {}).get("EndpointConfigName")

    def settle(self) -> Json | None:
        """Wait until nobody changes the endpoint any more, also somebody else's change."""
        began = time.monotonic()
        while (found := self.describe()) and not Jobs(self.aws, ENDPOINT).settled(found):
            time.sleep(pause(self.poll_interval, time.monotonic() - began))
        return found

    def packages(self) -> list[str]:
        """The versions of model packages that serve, once nobody changes the endpoint any more."""
        found = self.settle()
        if not found or found["EndpointStatus"] == EndpointStatus.FAILED:
            return []
        config = describe_config(self.sagemaker, found["EndpointConfigName"])
        models = [variant["ModelName"] for variant in variants(config)]
        return [arn for model in models if (arn := package_of(self.sagemaker, model))]

    def request(
        self,
        config: str,
        tags: list[dict[str, str]],
        rollout: Rollout | None = None,
        recheck: Callable[[], None] = lambda: None,
        proved: bool = False,
    ) -> bool:
        """Ask for *config*; False if the endpoint is on it already.

        *recheck* has the last word before each try, once nobody else changes the endpoint. If
        another update begins and ends between it and the call, which SageMaker cannot refuse, what
        that one has brought is put back, and *recheck* looks again. Scaling that AWS demands to be
        off for the update is on again after :meth:`restore`. A configuration that is not *proved*
        is to be, by :func:`prodml.endpoints.rollback.proving`.
        """
        try:
            return self._request(config, tags, rollout or Rollout(), recheck, proved)
        except Exception:
            self.restore()
            raise

    def _request(
        self,
        config: str,
        tags: list[dict[str, str]],
        rollout: Rollout,
        recheck: Callable[[], None],
        proved: bool,
    ) -> bool:
        self.aws.without_retries(
            "sagemaker"
        )  # it takes a while to make, and the check would grow old
        for attempt in range(INTERRUPTIONS):
            found = self.restore()  # also what a task that died has left off
            recheck()
            if found and found["EndpointStatus"] == EndpointStatus.FAILED:
                # SageMaker neither updates nor repairs an endpoint that was never in service.
                tags = self._inherited(found, tags)
                self.delete()
                found = None
            if found and serves(found, config):
                log.info("Endpoint %s is on %s already", self.name, config)
                return attempt > 0
            if found and not proved:
                rollback_note.note(self.aws, found, config)
            method = "update_endpoint" if found else "create_endpoint"
            how = self._how(found, config, rollout) if found else {"Tags": tags}
            if not self._send(method, attempt, EndpointConfigName=config, **how):
                continue
            if not (lost := self._overtaken(found, config)):
                return True
            log.warning("An update to %s came in between: it is put back", lost)
            self._request(lost, tags, Rollout(), lambda: None, proved=True)
        raise self._busy()

    def _inherited(self, found: Json, tags: list[dict[str, str]]) -> list[dict[str, str]]:
        """*tags* and those of the endpoint that goes, with a note of the scaling that it had."""
        old = tags_of(self.sagemaker, found["EndpointArn"])
        old |= suspended.noted(self.aws, self.name, names(self._config(found)))
        others = {key: value for key, value in old.items() if not key.startswith("aws:")}
        return as_tags(others | by_key(tags))

    def _overtaken(self, checked: Json | None, config: str) -> str | None:
        """What the update that has begun replaces, if it is not what was checked before it."""
        now = self.describe()
        if not checked or not now or now["EndpointStatus"] != "Updating":
            return None
        replaced = str(now["EndpointConfigName"])
        return replaced if replaced not in (checked["EndpointConfigName"], config) else None

    def _how(self, found: Json, config: str, rollout: Rollout) -> Json:
        """The further members of UpdateEndpoint; what AWS demands to go first has gone."""
        wanted = describe_config(self.sagemaker, config)
        suspended.take_off(self.aws, found, retyped(self._config(found), wanted))
        if names(found) != names(wanted):  # SageMaker steps only between equal variants
            return {}
        mine = ("DataCaptureConfig", "DesiredWeight")  # the new configuration decides these
        return {
            # Autoscaling's instances stay.
            "RetainAllVariantProperties": True,
            "ExcludeRetainedVariantProperties": [{"VariantPropertyType": kind} for kind in mine],
        } | rollout.request()

    def _config(self, found: Json) -> Json:
        """The configuration that the endpoint is on; nothing if somebody has deleted it."""
        describe = self.sagemaker.describe_endpoint_config
        config: Json | None = present(describe, EndpointConfigName=found["EndpointConfigName"])
        return config or {}

    def _send(self, method: str, attempt: int, **request: Any) -> bool:
        """Make one call; False if it has to be made again, after another look at the endpoint."""
        from botocore.exceptions import ClientError

        try:
            getattr(self.aws.without_retries("sagemaker"), method)(
                EndpointName=self.name, **request
            )
        except Exception as error:
            if is_retryable(error):
                log.warning("AWS is busy, asking again: %s", error)
                if self._is_under_way(request):  # it was the answer that got lost
                    return True
                time.sleep(backoff(attempt, first=1.0, most=30.0))
                return False
            if isinstance(error, ClientError) and _is_overtaken(error):
                return False
            raise refused(f"{method} {self.name!r} ({request})", error) from error
        log.info("Asked for %s of endpoint %s", method, self.name)
        return True

    def _is_under_way(self, request: Json) -> bool:
        """Whether SageMaker is at work on this very request."""
        found = self.describe() or {}
        if found.get("EndpointStatus") == "Creating":
            return True
        pending = found.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
        return bool(pending) and pending == request.get("EndpointConfigName")

    def restore(self) -> Json | None:
        """Put on again what an update took off, once it is over; the endpoint, as it is then."""
        found = self.settle()
        if found:
            suspended.put_back(self.aws, found, names(found))
        return found

    def resize(self, wishes: list[Json], recheck: Callable[[], None] = lambda: None) -> None:
        """Change weights and instance counts of variants, and wait until it is done.

        *recheck* has the last word before each try. Raises DeploymentError if it was not done:
        SageMaker goes back to the former counts, in service, where instances do not come up.
        """
        for attempt in range(INTERRUPTIONS):
            self.settle()
            recheck()
            method = "update_endpoint_weights_and_capacities"
            if self._send(method, attempt, DesiredWeightsAndCapacities=wishes):
                self._refuse_unfulfilled(wishes)
                return
        raise self._busy()

    def _refuse_unfulfilled(self, wishes: list[Json]) -> None:
        found = self.settle() or {}
        now = {v["VariantName"]: v for v in variants(found)}
        if missed := [w for w in wishes if not fulfils(now.get(w["VariantName"], {}), w)]:
            raise DeploymentError(
                f"Endpoint {self.name} has not come to {missed}: "
                f"{found.get('FailureReason', 'no reason given')}. Clear the task to try again."
            )

    def _busy(self) -> Exception:
        return DeploymentError(
            f"Endpoint {self.name} is busy all the time. Look at who changes it."
        )

    def verified(self, config: str, changed: bool) -> Json:
        """Wait, and return the description if the endpoint serves *config*; else raise the reason.

        InService alone proves nothing: an update that was rolled back ends there too, on the old
        configuration. Where nothing was *changed*, a failure that is reported is another one's.
        """
        found = self.settle() or {"EndpointStatus": "gone"}
        reason = found.get("FailureReason")
        if not serves(found, config) or (changed and reason):
            raise self._failed(found, config, reason)
        if few := {v: n for v, n in instances(found).items() if n < desired(found)[v]}:
            raise DeploymentError(
                f"Endpoint {self.name} is on {config}, but only {few} instances run of "
                f"{desired(found)}. Look at its scaling activities."
            )
        return found

    def _failed(self, found: Json, config: str, reason: str | None) -> Exception:
        """A model that was taken back is not tried again on the same callers, unless AWS failed."""
        in_service = found["EndpointStatus"] == EndpointStatus.IN_SERVICE
        kind = DeploymentError
        if in_service and cause(reason or "") not in PASSING:
            kind = RolledBackError if reason else OvertakenError
        return kind(
            f"Endpoint {self.name} is {found['EndpointStatus']} on "
            f"{found.get('EndpointConfigName')}, not in service on {config}: "
            f"{reason or 'no reason given'}. Read the log group {ENDPOINT.log_group}/{self.name}"
            f"{'; what served before, still does' if in_service and reason else ''}."
        )

    def delete(self) -> bool:
        """Delete the endpoint and wait until it is gone; False if there was none."""
        if self.describe() is None:
            return False
        for attempt in range(INTERRUPTIONS):
            if self.settle() is None or self._send("delete_endpoint", attempt):
                break
        else:
            raise self._busy()
        began = time.monotonic()
        while self.describe() is not None:
            time.sleep(pause(self.poll_interval, time.monotonic() - began))
        return True


def _is_overtaken(error: Exception) -> bool:
    """Whether a call was refused because somebody else is at work on the endpoint."""
    text = str(error)  # scaling that was put on meanwhile comes off at the next try
    return "in-progress" in text or "must be deregistered" in text or is_taken(error)
