"""Operations on monitoring schedules of Model Monitor."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire.errors import in_use, not_found, validation
from ..processing.api import stop_processing_job
from . import alerts, definitions, executions, windows
from .executions import SCHEDULE
from .scheduler import STATUS

MONITORING_SCHEDULE = Resource(
    noun="MonitoringSchedule",
    kind=SCHEDULE,
    summaries="MonitoringScheduleSummaries",
    status=STATUS,
    taken=lambda name, arn: in_use(f"Monitoring Schedule {arn} already exists."),
    unknown=lambda name, arn: not_found(f"Could not find Monitoring Schedule {arn}."),
    equal=("EndpointName", "MonitoringJobDefinitionName"),
)
KEY = "MonitoringScheduleName"


@operation("sagemaker", "CreateMonitoringSchedule")
def create_monitoring_schedule(aws: Aws, request: Doc) -> Doc:
    members = _checked(aws, request["MonitoringScheduleConfig"])
    doc = MONITORING_SCHEDULE.create(aws, request, **members)
    alerts.create(aws, request[KEY])
    return doc


def _checked(aws: Aws, config: Doc) -> Doc:
    """Return the members of a schedule; refuse a configuration that could never run."""
    windows.check(config)
    definition = definitions.of(aws, config)
    for member in ("StartTimeOffset", "EndTimeOffset"):
        windows.seconds(definition.source.get(member, "PT0S"))
    executions.capture_of(aws, definition.endpoint)
    return {
        STATUS: "Pending",
        "EndpointName": definition.endpoint,
        "MonitoringType": definition.kind,
        "MonitoringJobDefinitionName": config.get("MonitoringJobDefinitionName"),
        "Since": aws.clock.now(),
        "LastDue": None,
    }


@operation("sagemaker", "DescribeMonitoringSchedule")
def describe_monitoring_schedule(aws: Aws, request: Doc) -> Doc:
    doc = MONITORING_SCHEDULE.get(aws, request[KEY])
    all_of_it = [e for e in aws.store.list(executions.KIND) if e[KEY] == doc[KEY]]
    since = [e for e in all_of_it if e["CreationTime"] >= doc["CreationTime"]]
    return doc | ({"LastMonitoringExecutionSummary": since[-1]} if since else {})


@operation("sagemaker", "UpdateMonitoringSchedule")
def update_monitoring_schedule(aws: Aws, request: Doc) -> Doc:
    """Replace the configuration; a schedule that is not stopped continues from now."""
    doc = MONITORING_SCHEDULE.get(aws, request[KEY])
    if doc[STATUS] == "Pending":
        raise validation(f"Monitoring Schedule {doc[KEY]} is Pending. Wait until it is Scheduled.")
    config = request["MonitoringScheduleConfig"]
    members = _checked(aws, config)
    if doc[STATUS] == "Stopped":
        members[STATUS] = "Stopped"
    return aws.store.update(SCHEDULE, doc[KEY], MonitoringScheduleConfig=config, **members)


@operation("sagemaker", "StartMonitoringSchedule")
def start_monitoring_schedule(aws: Aws, request: Doc) -> Doc:
    """Continue from now; a schedule of NOW runs again."""
    doc = MONITORING_SCHEDULE.get(aws, request[KEY])
    once = windows.expression(doc["MonitoringScheduleConfig"]) == windows.NOW
    if once or doc[STATUS] != "Scheduled":
        members = {STATUS: "Pending", "Since": aws.clock.now(), "LastDue": None}
        aws.store.update(SCHEDULE, doc[KEY], **members)
    return {}


@operation("sagemaker", "StopMonitoringSchedule")
def stop_monitoring_schedule(aws: Aws, request: Doc) -> Doc:
    """Stop starting executions; a running one continues to its end."""
    doc = MONITORING_SCHEDULE.get(aws, request[KEY])
    aws.store.update(SCHEDULE, doc[KEY], **{STATUS: "Stopped"})
    return {}


@operation("sagemaker", "DeleteMonitoringSchedule")
async def delete_monitoring_schedule(aws: Aws, request: Doc) -> Doc:
    """Delete a schedule and stop its executions; their history is kept."""
    doc = MONITORING_SCHEDULE.delete(aws, request[KEY])
    aws.store.delete(alerts.KIND, doc[KEY])
    for execution in aws.store.list(executions.KIND):
        if execution[KEY] == doc[KEY] and execution[executions.STATUS] in executions.OPEN:
            await _stop(aws, execution)
    return {}


async def _stop(aws: Aws, execution: Doc) -> None:
    job = execution.get("ProcessingJobName")
    if job is None:
        aws.store.update(executions.KIND, execution["Id"], **{executions.STATUS: "Stopped"})
        return
    described = aws.store.get("processing-job", job) or {}
    if described.get("ProcessingJobStatus") == "InProgress":
        await stop_processing_job(aws, {"ProcessingJobName": job})


@operation("sagemaker", "ListMonitoringSchedules")
def list_monitoring_schedules(aws: Aws, request: Doc) -> Doc:
    wanted = request.get("MonitoringTypeEquals")
    docs = aws.store.list(SCHEDULE)
    schedules = [doc for doc in docs if wanted in (None, doc["MonitoringType"])]
    return MONITORING_SCHEDULE.list(aws, request, schedules)
