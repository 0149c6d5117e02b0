"""Operations on the executions of monitoring schedules."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import operation
from ...core.store import Doc
from ...wire import paging
from .executions import KIND, STATUS

EQUAL = ("MonitoringScheduleName", "EndpointName", "MonitoringJobDefinitionName")
NAME = "MonitoringScheduleName"


@operation("sagemaker", "ListMonitoringExecutions")
def list_monitoring_executions(aws: Aws, request: Doc) -> Doc:
    executions = paging.filtered(aws.store.list(KIND), request, NAME, STATUS, EQUAL)
    wanted = request.get("MonitoringTypeEquals")
    executions = [
        doc
        for doc in executions
        if wanted in (None, doc["MonitoringType"])
        and doc["ScheduledTime"] > request.get("ScheduledTimeAfter", 0.0)
        and doc["ScheduledTime"] < request.get("ScheduledTimeBefore", float("inf"))
    ]
    keys = {"Status": STATUS}
    summaries, token = paging.listed("ListMonitoringExecutions", executions, request, keys)
    return {"MonitoringExecutionSummaries": summaries, "NextToken": token}
