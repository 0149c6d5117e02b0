"""Create, update and delete Model Monitor schedules, and wait for the result."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from prodml.aws.client import Aws
from prodml.aws.retries import delete, get_or_create, present, refused, with_retries
from prodml.exceptions import MonitoringError
from prodml.vocabulary import Json

KINDS = {
    "DataQuality": "data_quality_job_definition",
    "ModelQuality": "model_quality_job_definition",
    "ModelBias": "model_bias_job_definition",
    "ModelExplainability": "model_explainability_job_definition",
}


@dataclass(frozen=True)
class MonitoringSchedule:
    """One schedule; *timeout* is the number of seconds that a change of it may take."""

    aws: Aws
    name: str
    timeout: float = 600.0
    poll_interval: float = 5.0

    @property
    def sagemaker(self) -> Any:
        return self.aws.client("sagemaker")

    def describe(self) -> Json | None:
        """Return the schedule's description; None if it does not exist."""
        ask = self.sagemaker.describe_monitoring_schedule
        description: Json | None = present(ask, MonitoringScheduleName=self.name)
        return description

    def wait(self, done: Callable[[Json | None], bool], what: str) -> Json | None:
        """Poll until *done* accepts the description; raise MonitoringError after *timeout*."""
        deadline = time.monotonic() + self.timeout
        while not done(description := self.describe()):
            if time.monotonic() > deadline:
                raise MonitoringError(
                    f"Schedule {self.name!r} is not {what} after {self.timeout:.0f} s: "
                    f"{description}. "
                    "Check it in SageMaker, then clear the task."
                )
            time.sleep(self.poll_interval)
        return description

    def settle(self) -> Json:
        """Wait until the last change is applied; raise MonitoringError if it failed."""
        description = self.wait(lambda now: _status(now) != "Pending", "settled") or {}
        if _status(description) == "Failed":
            raise MonitoringError(
                f"Schedule {self.name!r} failed: {description.get('FailureReason')}. Fix its "
                "definition, then clear the task."
            )
        return description

    def define(self, kind: str, name: str, definition: Json) -> None:
        """Create the job definition, unless it exists."""
        call = getattr(self.sagemaker, f"create_{KINDS[kind]}")
        self._create("job definition", call, JobDefinitionName=name, **definition)

    def put(self, config: Json) -> None:
        """Create the schedule, or update it if it differs."""
        request = {"MonitoringScheduleName": self.name, "MonitoringScheduleConfig": config}
        description = self.describe()
        if description is None:
            self._create("schedule", self.sagemaker.create_monitoring_schedule, **request)
        elif not config.items() <= description["MonitoringScheduleConfig"].items():
            self.wait(lambda now: _status(now) != "Pending", "settled")
            with _explained("update the schedule"):
                with_retries(self.sagemaker.update_monitoring_schedule, **request)

    def turn(self, wanted: str) -> Json:
        """Start or stop the schedule, unless it has the *wanted* status."""
        if _status(self.settle()) != wanted:
            verb = "stop" if wanted == "Stopped" else "start"
            call = getattr(self.sagemaker, f"{verb}_monitoring_schedule")
            with_retries(call, MonitoringScheduleName=self.name)
        return self.wait(lambda now: _status(now) == wanted, wanted) or {}

    def delete(self) -> None:
        delete(self.sagemaker.delete_monitoring_schedule, MonitoringScheduleName=self.name)
        self.wait(lambda left: left is None, "deleted")

    def undefine(self, config: Json) -> None:
        """Delete the job definition that a schedule's configuration names."""
        name, kind = config.get("MonitoringJobDefinitionName"), config.get("MonitoringType")
        if name and kind in KINDS:
            call = getattr(self.sagemaker, f"delete_{KINDS[kind]}")
            delete(call, JobDefinitionName=name)

    def _create(self, what: str, call: Any, **request: Any) -> None:
        with _explained(f"create the {what}"):
            get_or_create(call, **request)


@contextmanager
def _explained(what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise refused(what, error) from error


def _status(description: Json | None) -> str:
    return str((description or {}).get("MonitoringScheduleStatus", ""))
