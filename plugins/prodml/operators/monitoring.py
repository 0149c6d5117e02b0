"""
Manage Model Monitor schedules, for accounts that already use it: AWS accepts no new customers.

Other accounts use :class:`prodml.operators.drift.DriftCheckOperator` in a scheduled DAG.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.rules import with_rules
from prodml.aws.typed import typed
from prodml.exceptions import InvalidInputError, JobFailedError, JobStoppedError
from prodml.model_monitor.schedule import KINDS, MonitoringSchedule
from prodml.naming import content_name, stem
from prodml.operators.base import AwsOperator
from prodml.vocabulary import Json

if TYPE_CHECKING:
    from airflow.sdk import Context

NOW = "NOW"
ENDED = ("Completed", "CompletedWithViolations", "Failed", "Stopped")
LAST = "LastMonitoringExecutionSummary"


class MonitoringScheduleOperator(AwsOperator):
    """
    Create or update a Model Monitor schedule; only for accounts that already use Model Monitor.

    Other accounts use :class:`prodml.operators.drift.DriftCheckOperator`. The same request again
    changes nothing. A job definition is immutable, so each one is named after its content, and the
    one that the schedule no longer uses is deleted. The task succeeds once the schedule has the
    requested state; with ``NOW``, once its execution has ended, with or without violations.

    Returns ``{"schedule", "status", "job_definition", "execution"}``; ``execution`` summarizes the
    last execution, or is None. Raises MonitoringError if the schedule fails, JobFailedError or
    JobStoppedError if the execution of ``NOW`` does not complete.

    :param schedule_name: The monitoring schedule; with ``NOW``, use a new name for each run.
    :param job_definition: The Create...JobDefinition request without ``JobDefinitionName``.
    :param monitoring_type: ``DataQuality``, ``ModelQuality``, ``ModelBias`` or
        ``ModelExplainability``.
    :param schedule_expression: A cron expression as Model Monitor takes it, or ``NOW``.
    :param analysis_start: ``DataAnalysisStartTime``, an offset such as ``-PT1H``.
    :param analysis_end: ``DataAnalysisEndTime``.
    :param stopped: Stop the schedule.
    :param timeout: Seconds that a change, or the execution of ``NOW``, may take.
    :param poll_interval: Seconds between two polls.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "schedule_name",
        "job_definition",
        "schedule_expression",
        "analysis_start",
        "analysis_end",
    )

    def __init__(
        self,
        *,
        schedule_name: str,
        job_definition: Json,
        monitoring_type: str = "DataQuality",
        schedule_expression: str = "cron(0 * ? * * *)",
        analysis_start: str | None = None,
        analysis_end: str | None = None,
        stopped: bool = False,
        timeout: float = 3600.0,
        poll_interval: float = 5.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if monitoring_type not in KINDS:
            raise InvalidInputError(
                f"Invalid monitoring_type {monitoring_type!r}. Use one of {list(KINDS)}."
            )
        if stopped and schedule_expression == NOW:
            raise InvalidInputError(
                "A schedule NOW cannot be stopped. Give a cron expression instead."
            )
        self.schedule_name = schedule_name
        self.job_definition = job_definition
        self.monitoring_type = monitoring_type
        self.schedule_expression = schedule_expression
        self.analysis_start = analysis_start
        self.analysis_end = analysis_end
        self.stopped = stopped
        self.timeout = timeout
        self.poll_interval = poll_interval

    def execute(self, context: Context) -> Json:
        schedule = MonitoringSchedule(
            self.aws, self.schedule_name, self.timeout, self.poll_interval
        )
        before = schedule.describe() or {}
        operation = f"Create{self.monitoring_type}JobDefinition"
        asked = with_rules(operation, typed(self.sagemaker, operation, self.job_definition))
        definition = content_name(self.schedule_name, asked)
        schedule.define(self.monitoring_type, definition, asked)
        config = self._config(definition)
        schedule.put(config)
        description = schedule.turn("Stopped" if self.stopped else "Scheduled")
        former = before.get("MonitoringScheduleConfig", {})
        if self._leaves(former, definition):
            schedule.undefine(former)
        if self.schedule_expression == NOW:
            description = self._executed(schedule)
        self.log.info("%s is %s", self.schedule_name, description["MonitoringScheduleStatus"])
        return {
            "schedule": self.schedule_name,
            "status": description["MonitoringScheduleStatus"],
            "job_definition": definition,
            "execution": _summary(description.get(LAST)),
        }

    def _config(self, definition: str) -> Json:
        bounds = {
            "DataAnalysisStartTime": self.analysis_start,
            "DataAnalysisEndTime": self.analysis_end,
        }
        given = {key: value for key, value in bounds.items() if value}
        return {
            "ScheduleConfig": {"ScheduleExpression": self.schedule_expression} | given,
            "MonitoringJobDefinitionName": definition,
            "MonitoringType": self.monitoring_type,
        }

    def _leaves(self, former: Json, definition: str) -> bool:
        """Return whether the schedule used another definition that ProdML made and may delete."""
        name = former.get("MonitoringJobDefinitionName") or ""
        return name != definition and name.startswith(f"{stem(self.schedule_name)}-")

    def _executed(self, schedule: MonitoringSchedule) -> Json:
        """Wait for the execution of NOW; raise if it did not complete."""
        description = schedule.wait(_has_ended, "done with its execution") or {}
        last = description[LAST]
        status, reason = last["MonitoringExecutionStatus"], last.get("FailureReason")
        if status == "Stopped":
            raise JobStoppedError(
                f"The execution of {self.schedule_name!r} was stopped. Clear the task to "
                "start another one."
            )
        if status == "Failed":
            raise JobFailedError(
                f"The execution of {self.schedule_name!r} failed: {reason}. Use another "
                "schedule_name for the next one, such as one with {{ ti.try_number }}."
            )
        return description


class DeleteMonitoringScheduleOperator(AwsOperator):
    """
    Delete a Model Monitor schedule and its job definition.

    A running execution is stopped; AWS keeps the history of executions. Deleting a schedule that
    does not exist succeeds. Returns ``{"schedule", "deleted"}``.

    :param schedule_name: The monitoring schedule.
    :param timeout: Seconds that it may take.
    :param poll_interval: Seconds between two polls.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "schedule_name")

    def __init__(
        self,
        *,
        schedule_name: str,
        timeout: float = 600.0,
        poll_interval: float = 5.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.schedule_name = schedule_name
        self.timeout = timeout
        self.poll_interval = poll_interval

    def execute(self, context: Context) -> Json:
        schedule = MonitoringSchedule(
            self.aws, self.schedule_name, self.timeout, self.poll_interval
        )
        description = schedule.describe()
        if description:
            schedule.delete()
            schedule.undefine(description["MonitoringScheduleConfig"])
        return {"schedule": self.schedule_name, "deleted": description is not None}


def _has_ended(description: Json | None) -> bool:
    return (description or {}).get(LAST, {}).get("MonitoringExecutionStatus") in ENDED


def _summary(last: Json | None) -> Json | None:
    """Return the summary with times as text, since an XCom is JSON."""
    if last is None:
        return None
    return {k: v if isinstance(v, str) else v.isoformat() for k, v in last.items()}
