"""Create, update, verify and delete one inference component."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prodml.aws.client import Aws
from prodml.aws.errors import is_retryable
from prodml.aws.failure_causes import PASSING, cause
from prodml.aws.logs import advice
from prodml.aws.retries import backoff, delete, present, refused, with_retries
from prodml.aws.tags import tag, tags_of, untag
from prodml.endpoints.resources import package_of
from prodml.exceptions import DeploymentError, OvertakenError, RequestRefusedError, RolledBackError
from prodml.jobs.jobs import Jobs
from prodml.jobs.polling import pause
from prodml.naming import TAG
from prodml.vocabulary import INFERENCE_COMPONENT, Json

log = logging.getLogger(__name__)
NOTE = f"{TAG}unproved"  # "<old> <new>": the model to go back to until the new one is verified
IN_SERVICE, FAILED, CHANGING = "InService", "Failed", ("Creating", "Updating", "Deleting")
GONE: Json = {"InferenceComponentStatus": "gone"}
TRIES = 20  # of a call to a busy component before the task fails


@dataclass(frozen=True)
class Hosted:
    """One inference component, through one connection."""

    aws: Aws
    name: str
    poll_interval: float = 1.0

    @property
    def sagemaker(self) -> Any:
        return self.aws.client("sagemaker")

    def describe(self) -> Json | None:
        """Return the component's description; None if it does not exist."""
        description: Json | None = present(
            self.sagemaker.describe_inference_component, InferenceComponentName=self.name
        )
        return description

    def settle(self) -> Json | None:
        """Wait until no change of the component is in progress, including those of others."""
        began = time.monotonic()
        jobs = Jobs(self.aws, INFERENCE_COMPONENT)
        while (description := self.describe()) and not jobs.settled(description):
            time.sleep(pause(self.poll_interval, time.monotonic() - began))
        return description

    def packages(self) -> list[str]:
        """Return the model package version that serves, once no change is in progress."""
        description = self.settle()
        if not description or status(description) == FAILED:
            return []
        model = description.get("Specification", {}).get("ModelName")
        arn = package_of(self.sagemaker, model) if model else None
        return [arn] if arn else []

    def request(
        self,
        place: Json,
        wanted: Json,
        copies: int,
        tags: list[dict[str, str]],
        how: Json,
        recheck: Callable[[], None] = lambda: None,
    ) -> bool:
        """Create or update the component to *wanted*; return False if it serves that already.

        :param place: The endpoint and its variant.
        :param wanted: The Specification.
        :param copies: Those of a new component; an update keeps what autoscaling has set.
        :param how: Further members of UpdateInferenceComponent.
        :param recheck: Called before each try, once no other change is in progress.
        """
        self.aws.without_retries("sagemaker")  # created now, so that no time passes after the check
        new = {**place, "RuntimeConfig": {"CopyCount": copies}, "Tags": tags}
        for attempt in range(TRIES):
            description = self.settle()
            recheck()
            if description and status(description) == FAILED:
                self.delete()  # SageMaker cannot update a component that was never in service
                description = None
            if description is None:
                if self._send("create_inference_component", attempt, Specification=wanted, **new):
                    return True
                continue
            self._refuse_another_endpoint(description, place)
            if serves(description, wanted):
                log.info("Inference component %s already serves %s", self.name, wanted["ModelName"])
                return attempt > 0
            self._note(description, wanted["ModelName"])
            # Batches of no copies are not allowed.
            rest = how if description["RuntimeConfig"].get("DesiredCopyCount") else {}
            if self._send("update_inference_component", attempt, Specification=wanted, **rest):
                return True
        raise DeploymentError(
            f"Inference component {self.name} stays busy after {TRIES} tries. Check what updates "
            "it."
        )

    def _refuse_another_endpoint(self, description: Json, place: Json) -> None:
        if description["EndpointName"] != place["EndpointName"]:
            raise RequestRefusedError(
                f"Inference component {self.name} is on endpoint {description['EndpointName']}, "
                f"not on {place['EndpointName']}. Delete it first, or use another name."
            )

    def _send(self, method: str, attempt: int, **request: Any) -> bool:
        """Make one call; return False if the caller must check the component again and retry."""
        client = self.aws.without_retries("sagemaker")
        try:
            getattr(client, method)(InferenceComponentName=self.name, **request)
        except Exception as error:
            if is_retryable(error):
                log.warning("AWS throttled or unavailable; retrying: %s", error)
                if status(self.describe() or GONE) in CHANGING:  # only the response was lost
                    return True
                time.sleep(backoff(attempt, first=1.0, most=30.0))
                return False
            if status(self.describe() or GONE) in CHANGING:  # by others, since the last check
                return False
            raise refused(f"{method} {self.name!r}", error) from error
        log.info("Called %s for inference component %s", method, self.name)
        return True

    def verified(self, wanted: Json, changed: bool) -> Json:
        """Wait, and return the description if the component serves *wanted*; else raise the reason.

        InService alone is not enough: a rolled back update ends there too, on the old model.
        """
        description = self.settle() or GONE
        reason = description.get("FailureReason")
        right = status(description) == IN_SERVICE and serves(description, wanted)
        if right and not (changed and reason):
            return description
        kind = DeploymentError
        in_service = status(description) == IN_SERVICE
        if in_service and cause(reason or "") not in PASSING:
            kind = RolledBackError if reason else OvertakenError
        model = description.get("Specification", {}).get("ModelName")
        raise kind(
            f"Inference component {self.name} is {status(description)} with model {model}, not in "
            f"service with {wanted['ModelName']}: {(reason or 'no reason given').rstrip('.')}. "
            f"{'The previous model still serves. ' if in_service and reason else ''}"
            f"{self.advice()}"
        )

    def advice(self) -> str:
        """Return which log to read about what its containers did."""
        return advice(self.aws.client("logs"), f"{INFERENCE_COMPONENT.log_group}/{self.name}")

    def before(self, model: str) -> str | None:
        """Return the model that *model* replaced and that is to come back if it is not verified."""
        description = self.describe()
        if not description:
            return None
        note = tags_of(self.sagemaker, description["InferenceComponentArn"]).get(NOTE, "")
        old, _, new = note.partition(" ")
        return old if new == model else None

    def go_back(self, wanted: Json, model: str | None) -> str:
        """Serve *model* again in the place of *wanted*; return a sentence on what serves now."""
        if not model:
            return "There is no previous model to go back to."
        if (now := self._serving()) != wanted["ModelName"]:
            return f"Not rolled back: another change came in between, to {now or 'no component'}."
        previous = wanted | {"ModelName": model}
        try:
            with_retries(
                self.sagemaker.update_inference_component,
                InferenceComponentName=self.name,
                Specification=previous,
            )
            self.verified(previous, changed=True)
        except Exception as error:  # noqa: BLE001 -- the caller raises the first error
            return f"The rollback to {model} failed: {error}"
        self.forget()
        return f"Model {model} serves again."

    def _serving(self) -> str | None:
        """Wait until a change has ended; return the model, or None without a component."""
        model: str | None = (self.settle() or {}).get("Specification", {}).get("ModelName")
        return model

    def forget(self) -> None:
        """Remove the note: the component's model is verified."""
        if description := self.describe():
            untag(self.sagemaker, description["InferenceComponentArn"], [NOTE])

    def _note(self, description: Json, model: str) -> None:
        """Note the model that serves until the next one is verified."""
        serving = description["Specification"]["ModelName"]
        old = self.before(serving) or serving
        tag(self.sagemaker, description["InferenceComponentArn"], {NOTE: f"{old} {model}"})

    def delete(self) -> None:
        """Delete the component, and wait until it is gone."""
        if self.settle() is None:
            return
        delete(self.sagemaker.delete_inference_component, InferenceComponentName=self.name)
        began = time.monotonic()
        while self.describe() is not None:
            time.sleep(pause(self.poll_interval, time.monotonic() - began))


def status(description: Json) -> str:
    return str(description["InferenceComponentStatus"])


def serves(description: Json, wanted: Json) -> bool:
    """Return whether a described component has the model and requirements of *wanted*."""
    specification = description.get("Specification", {})
    needs = specification.get("ComputeResourceRequirements", {})
    asked = wanted["ComputeResourceRequirements"]
    same = all(needs.get(member) == value for member, value in asked.items())
    return same and specification.get("ModelName") == wanted["ModelName"]
