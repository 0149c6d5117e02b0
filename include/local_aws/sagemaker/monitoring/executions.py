"""A monitoring execution: pending, then one or two Processing jobs, then their result."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from ...core.store import Doc
from ...wire.errors import INTERNAL, AwsError, validation
from ..endpoints.api import ENDPOINT
from ..processing.api import create_processing_job
from . import alerts, definitions, requests, windows

if TYPE_CHECKING:
    from ...core.account import Aws

KIND = alerts.EXECUTION
SCHEDULE = "monitoring-schedule"
STATUS = "MonitoringExecutionStatus"
OPEN = ("Pending", "InProgress", "Stopping")
DELAY = 300.0  # AWS starts within 20 minutes, as captured data is late
NO_DATA = "Job inputs had no data"
MERGE, ANALYSIS = "merge", "analysis"


def begin(aws: Aws, schedule: Doc, due: float, clock: windows.ScheduleClock) -> str:
    """Record an execution that is due, and return its id; *due* is by the schedule's clock."""
    config = schedule["MonitoringScheduleConfig"]
    source = {}
    try:
        definition = definitions.of(aws, config)
        source, stage = definition.source, MERGE if definition.ground_truth else ANALYSIS
    except AwsError:  # its definition was deleted: the execution will fail with that reason
        stage = ANALYSIS
    start, end = windows.window(config, source, due)
    at_once = windows.expression(config) == windows.NOW
    now = aws.clock.now()
    identity = uuid.uuid4().hex
    doc = {
        "Id": identity,
        "MonitoringScheduleName": schedule["MonitoringScheduleName"],
        "MonitoringScheduleArn": schedule["MonitoringScheduleArn"],
        "EndpointName": schedule.get("EndpointName"),
        "MonitoringJobDefinitionName": schedule.get("MonitoringJobDefinitionName"),
        "MonitoringType": schedule["MonitoringType"],
        "ScheduledTime": clock.true(due),
        "CreationTime": now,
        "LastModifiedTime": now,
        STATUS: "Pending",
        "StartsAt": now if at_once else clock.true(due + DELAY),
        "Stage": stage,
        "Window": [clock.true(start), clock.true(end)],
        "Nominal": due,
        "MonitoringScheduleConfig": config,
    }
    aws.store.insert(KIND, identity, doc)
    return identity


async def advance(aws: Aws, execution: Doc) -> bool:
    """Take the next step if it is due; return whether the execution has ended."""
    if execution[STATUS] == "Pending":
        if aws.clock.now() < execution["StartsAt"]:
            return False
        return await _start(aws, execution)
    job = aws.store.get("processing-job", execution["ProcessingJobName"])
    if job is None:
        return _end(aws, execution, "Failed", "Its Processing job was deleted.")
    status = job["ProcessingJobStatus"]
    if status in ("InProgress", "Stopping"):
        if status != execution[STATUS]:
            _update(aws, execution, **{STATUS: status})
        return False
    if status == "Completed" and execution["Stage"] == MERGE:
        return await _start(aws, _update(aws, execution, Stage=ANALYSIS))
    message = job.get("ExitMessage", "")
    if status == "Completed" and message.startswith(alerts.VIOLATED):
        return _end(aws, execution, alerts.VIOLATED, None)
    reason = None if status == "Completed" else message or job.get("FailureReason")
    return _end(aws, execution, status, reason)


async def _start(aws: Aws, execution: Doc) -> bool:
    """Submit the stage's Processing job; return whether the execution ended without data."""
    try:
        work = _work(aws, execution)
        make = requests.merge if execution["Stage"] == MERGE else requests.analysis
        s3 = await asyncio.to_thread(aws.client, "s3", work.definition.role)
        request = await asyncio.to_thread(make, s3, work)
        request["MonitoringScheduleArn"] = execution["MonitoringScheduleArn"]
        if aws.store.get(SCHEDULE, execution["MonitoringScheduleName"]) is None:
            return _end(aws, execution, "Stopped", None)  # it was deleted meanwhile
        job = create_processing_job(aws, request)
    except requests.NoData:
        return _end(aws, execution, "Failed", NO_DATA)
    except (AwsError, ClientError) as error:
        return _end(aws, execution, "Failed", f"ClientError: {error}")
    name, arn = job["ProcessingJobName"], job["ProcessingJobArn"]
    members = {STATUS: "InProgress", "ProcessingJobName": name, "ProcessingJobArn": arn}
    _update(aws, execution, **members)
    return False


def _work(aws: Aws, execution: Doc) -> requests.Work:
    definition = definitions.of(aws, execution["MonitoringScheduleConfig"])
    return requests.Work(
        schedule=execution["MonitoringScheduleName"],
        definition=definition,
        capture=capture_of(aws, definition.endpoint),
        start=execution["Window"][0],
        end=execution["Window"][1],
        nominal=execution["Nominal"],
    )


def capture_of(aws: Aws, endpoint: str) -> str:
    """Return the S3 prefix of an endpoint's captured data; refuse one without capture."""
    config = ENDPOINT.get(aws, endpoint)["Deployment"].get("DataCapture") or {}
    if not config.get("EnableCapture"):
        raise validation(
            f"Endpoint {endpoint!r} captures no data. Deploy a configuration with a "
            "DataCaptureConfig whose EnableCapture is true."
        )
    return str(config["DestinationS3Uri"]).rstrip("/")


def _update(aws: Aws, execution: Doc, **members: object) -> Doc:
    return aws.store.update(KIND, execution["Id"], **members)


def fail(aws: Aws, execution: Doc) -> bool:
    """End an execution that met an error of the embedded AWS; return True."""
    return _end(aws, execution, "Failed", INTERNAL)


def _end(aws: Aws, execution: Doc, status: str, reason: str | None) -> bool:
    members = {"FailureReason": reason} if reason else {}
    _update(aws, execution, **{STATUS: status}, **members)
    alerts.evaluate(aws, execution["MonitoringScheduleName"])
    return True
