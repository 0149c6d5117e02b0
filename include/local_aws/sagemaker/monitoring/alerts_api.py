"""Operations on the alerts of monitoring schedules and their history."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import operation
from ...core.store import Doc
from ...wire import paging
from ...wire.errors import not_found, validation
from . import alerts
from .api import MONITORING_SCHEDULE

SCHEDULE, NAME = "MonitoringScheduleName", "MonitoringAlertName"


@operation("sagemaker", "ListMonitoringAlerts")
def list_monitoring_alerts(aws: Aws, request: Doc) -> Doc:
    schedule = MONITORING_SCHEDULE.get(aws, request[SCHEDULE])[SCHEDULE]
    own = [doc for doc in aws.store.list(alerts.KIND) if doc[SCHEDULE] == schedule]
    summaries, token = paging.page(own, request)
    return {"MonitoringAlertSummaries": summaries, "NextToken": token}


@operation("sagemaker", "UpdateMonitoringAlert")
def update_monitoring_alert(aws: Aws, request: Doc) -> Doc:
    """Set the number of executions with violations; past executions count at once."""
    schedule = MONITORING_SCHEDULE.get(aws, request[SCHEDULE])
    alert = aws.store.get(alerts.KIND, schedule[SCHEDULE])
    if alert is None or alert[NAME] != request[NAME]:
        raise not_found(
            f"{schedule[SCHEDULE]} has no alert {request[NAME]!r}. The alert has its name."
        )
    needed, period = request["DatapointsToAlert"], request["EvaluationPeriod"]
    if needed > period:
        raise validation(f"DatapointsToAlert {needed} is more than EvaluationPeriod {period}.")
    changes = {"DatapointsToAlert": needed, "EvaluationPeriod": period}
    aws.store.update(alerts.KIND, schedule[SCHEDULE], **changes)
    alerts.evaluate(aws, schedule[SCHEDULE])
    return {"MonitoringScheduleArn": schedule["MonitoringScheduleArn"], NAME: request[NAME]}


@operation("sagemaker", "ListMonitoringAlertHistory")
def list_monitoring_alert_history(aws: Aws, request: Doc) -> Doc:
    equal = (SCHEDULE, NAME)
    docs = aws.store.list(alerts.HISTORY)
    changes = paging.filtered(docs, request, NAME, "AlertStatus", equal)
    keys = {"Status": "AlertStatus"}
    entries, token = paging.listed("ListMonitoringAlertHistory", changes, request, keys)
    return {"MonitoringAlertHistory": entries, "NextToken": token}
