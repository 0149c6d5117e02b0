"""Operations on CloudWatch alarms."""

from __future__ import annotations

import math

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire import paging
from ..wire.errors import AwsError
from . import alarms, queries
from .metrics import is_statistic

HOUR, DAY, WEEK = 3600, 86_400, 7 * 86_400


@operation("cloudwatch", "PutMetricAlarm")
def put_metric_alarm(aws: Aws, request: Doc) -> Doc:
    if "EvaluationCriteria" in request:
        raise _invalid("EvaluationCriteria is not emulated. Use MetricName or Metrics.")
    needed = ["EvaluationPeriods", "Threshold"]
    needed += [] if "Metrics" in request else ["MetricName", "Namespace", "Period"]
    for name in needed:
        if name not in request:
            raise AwsError("MissingParameter", f"The parameter {name} is required.")
    if "Metrics" in request:
        _check_queries(request)
    elif ("Statistic" in request) == ("ExtendedStatistic" in request):
        raise _invalid("Exactly one of Statistic and ExtendedStatistic must be given.")
    elif not is_statistic(name := request.get("Statistic") or request["ExtendedStatistic"]):
        raise _invalid(queries.unknown_statistic(name))
    if request.get("Period", 60) % 60 and request["Period"] not in (10, 20, 30):
        raise _invalid(f"Period {request['Period']} must be 10, 20, 30 or a multiple of 60.")
    if request.get("DatapointsToAlarm", 1) > request["EvaluationPeriods"]:
        raise _invalid("DatapointsToAlarm must not be greater than EvaluationPeriods.")
    if request.get("ComparisonOperator") not in alarms.COMPARISONS:
        raise _invalid("Anomaly detection is not emulated. Compare with a Threshold.")
    _check_span(request)
    alarms.put(aws, request)
    return {}


def _check_span(request: Doc) -> None:
    """Refuse a threshold that is not a number, and a span that AWS does not allow."""
    if not math.isfinite(request["Threshold"]):
        raise _wrong(f"Threshold {request['Threshold']} is not a number.")
    periods = [request["Period"]] if "Period" in request else _periods(request)
    count = request["EvaluationPeriods"]
    for period in periods:
        longest = WEEK if period >= HOUR else DAY
        if period * count > longest:
            raise _wrong(
                f"EvaluationPeriods * Period is {period * count} s. It must be no more than "
                f"{longest} s."
            )


def _periods(request: Doc) -> list[int]:
    return [q["MetricStat"]["Period"] for q in request.get("Metrics", []) if "MetricStat" in q]


def _wrong(message: str) -> AwsError:
    return AwsError("ValidationError", message)


def _check_queries(request: Doc) -> None:
    if clash := {"MetricName", "Namespace", "Period", "Statistic"} & request.keys():
        raise _invalid(f"Metrics cannot be given together with {', '.join(sorted(clash))}.")
    if problem := queries.problem(request["Metrics"]):
        raise _invalid(problem)


@operation("cloudwatch", "DescribeAlarmHistory")
def describe_alarm_history(aws: Aws, request: Doc) -> Doc:
    """Return state changes, by default newest first."""
    since, until = request.get("StartDate", 0), request.get("EndDate", float("inf"))
    changes = [
        item
        for item in aws.store.list(alarms.HISTORY)
        if request.get("AlarmName", item["AlarmName"]) == item["AlarmName"]
        and request.get("HistoryItemType", "StateUpdate") == item["HistoryItemType"]
        and since <= item["Timestamp"] <= until
    ]
    if request.get("ScanBy", "TimestampDescending") == "TimestampDescending":
        changes.reverse()
    page, token = _paged(changes, request, 100)
    return {"AlarmHistoryItems": page, "NextToken": token}


@operation("cloudwatch", "DescribeAlarms")
def describe_alarms(aws: Aws, request: Doc) -> Doc:
    docs = sorted(aws.store.list(alarms.KIND), key=lambda alarm: str(alarm["AlarmName"]))
    if names := request.get("AlarmNames"):
        docs = [alarm for alarm in docs if alarm["AlarmName"] in names]
    if prefix := request.get("AlarmNamePrefix"):
        docs = [alarm for alarm in docs if alarm["AlarmName"].startswith(prefix)]
    if state := request.get("StateValue"):
        docs = [alarm for alarm in docs if alarm["StateValue"] == state]
    if action := request.get("ActionPrefix"):
        docs = [a for a in docs if any(arn.startswith(action) for arn in a["AlarmActions"])]
    page, token = _paged(docs, request, 50)
    return {"MetricAlarms": page, "CompositeAlarms": [], "NextToken": token}


@operation("cloudwatch", "DescribeAlarmsForMetric")
def describe_alarms_for_metric(aws: Aws, request: Doc) -> Doc:
    wanted = {k: request.get(k) for k in ("MetricName", "Namespace")}
    for optional in ("Statistic", "Period"):
        if optional in request:
            wanted[optional] = request[optional]
    dimensions = _pairs(request)
    return {
        "MetricAlarms": [
            alarm
            for alarm in aws.store.list(alarms.KIND)
            if all(alarm.get(k) == v for k, v in wanted.items()) and _pairs(alarm) == dimensions
        ]
    }


@operation("cloudwatch", "DeleteAlarms")
def delete_alarms(aws: Aws, request: Doc) -> Doc:
    alarms.delete(aws, request["AlarmNames"])
    return {}


@operation("cloudwatch", "SetAlarmState")
def set_alarm_state(aws: Aws, request: Doc) -> Doc:
    """Set the state of an alarm until its next evaluation."""
    name = request["AlarmName"]
    if aws.store.get(alarms.KIND, name) is None:
        raise AwsError("ResourceNotFound", f"Alarm {name} does not exist.", 404)
    data = request.get("StateReasonData")
    alarms.set_state(aws, name, request["StateValue"], request["StateReason"], data)
    return {}


@operation("cloudwatch", "EnableAlarmActions")
def enable_alarm_actions(aws: Aws, request: Doc) -> Doc:
    return _switch(aws, request, on=True)


@operation("cloudwatch", "DisableAlarmActions")
def disable_alarm_actions(aws: Aws, request: Doc) -> Doc:
    return _switch(aws, request, on=False)


def _paged(docs: list[Doc], request: Doc, size: int) -> tuple[list[Doc], str | None]:
    given = {"MaxResults": request.get("MaxRecords", size), "NextToken": request.get("NextToken")}
    try:
        return paging.page(docs, given)
    except AwsError as error:
        raise AwsError("InvalidNextToken", error.message) from None


def _switch(aws: Aws, request: Doc, on: bool) -> Doc:
    for name in request["AlarmNames"]:
        if aws.store.get(alarms.KIND, name):
            aws.store.update(alarms.KIND, name, ActionsEnabled=on)
    return {}


def _pairs(doc: Doc) -> set[tuple[str, str]]:
    return {(d["Name"], d["Value"]) for d in doc.get("Dimensions", [])}


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterCombination", message)
