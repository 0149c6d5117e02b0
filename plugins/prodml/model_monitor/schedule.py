"""Bring a Model Monitor schedule into a state, and wait until it is there."""

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
    """One schedule; *timeout* is how many seconds a change of it may take."""

    aws: Aws
    name: str
    timeout: float = 600.0
    poll_interval: float = 5.0

    @property
    def sagemaker(self) -> Any:
        return self.aws.client("sagemaker")

    def describe(self) -> Json | None:
        """What the schedule is now; None if there is none."""
        ask = self.sagemaker.describe_monitoring_schedule
        found: Json | None = present(ask, MonitoringScheduleName=self.name)
        return found

    def wait(self, done: Callable[[Json | None], bool], what: str) -> Json | None:
        """Look until *done* is true of the description; raises MonitoringError after *timeout*."""
        deadline = time.monotonic() + self.timeout
        while not done(found := self.describe()):
            if time.monotonic() > deadline:
                raise MonitoringError(
                    f"Schedule {self.name!r} is not {what} after {self.timeout:.0f} s: {found}. "
                    "Look at it in SageMaker, then clear the task."
                )
            time.sleep(self.poll_interval)
        return found

    def settle(self) -> Json:
        """Wait for AWS to take the last change; raises MonitoringError when it could not."""
        found = self.wait(lambda now: _status(now) != "Pending", "settled") or {}
        if _status(found) == "Failed":
            raise MonitoringError(
                f"Schedule {self.name!r} failed: {found.get('FailureReason')}. Correct its "
                "definition, then clear the task."
            )
        return found

    def define(self, kind: str, name: str, definition: Json) -> None:
        """Create the job definition; that it is there already is as good."""
        call = getattr(self.sagemaker, f"create_{KINDS[kind]}")
        self._create("job definition", call, JobDefinitionName=name, **definition)

    def put(self, config: Json) -> None:
        """Create the schedule, or change it if it is another one."""
        request = {"MonitoringScheduleName": self.name, "MonitoringScheduleConfig": config}
        found = self.describe()
        if found is None:
            self._create("schedule", self.sagemaker.create_monitoring_schedule, **request)
        elif not config.items() <= found["MonitoringScheduleConfig"].items():
            self.wait(lambda now: _status(now) != "Pending", "settled")
            with _explained("update the schedule"):
                with_retries(self.sagemaker.update_monitoring_schedule, **request)

    def turn(self, wanted: str) -> Json:
        """Start or stop it, unless it is ``Scheduled`` or ``Stopped`` as wanted."""
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


def _status(found: Json | None) -> str:
    return str((found or {}).get("MonitoringScheduleStatus", ""))
