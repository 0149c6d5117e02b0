"""CloudWatch alarms, evaluated on whole periods, which the time scale shortens."""

from __future__ import annotations

import json
import math
import operator
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..core.store import Doc
from . import queries
from .metrics import Metrics

if TYPE_CHECKING:
    from ..core.account import Aws

KIND, HISTORY = "alarm", "alarm-history"
COMPARISONS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
Values = list[float | None]  # one per period, oldest first; None without data


@dataclass(frozen=True)
class Evaluation:
    """An alarm after the evaluation of its newest whole period."""

    alarm: Doc
    values: list[float]
    changed: bool

    @property
    def firing(self) -> bool:
        return bool(self.alarm["StateValue"] == "ALARM" and self.alarm.get("ActionsEnabled", True))


def judge(alarm: Doc, values: Values) -> str:
    """Return the state for *values*; the current one if they do not decide it."""
    breaches, _ = COMPARISONS[alarm["ComparisonOperator"]]
    periods: int = alarm["EvaluationPeriods"]
    needed: int = alarm.get("DatapointsToAlarm", periods)
    missing = alarm.get("TreatMissingData", "missing")
    known = [value for value in values if value is not None]
    if not known and missing == "missing":
        return "INSUFFICIENT_DATA"
    absent = len(values) - len(known)
    breaching = sum(breaches(value, alarm["Threshold"]) for value in known)
    fine = len(known) - breaching
    if missing == "breaching":
        breaching += absent
    elif missing == "notBreaching":
        fine += absent
    if breaching >= needed:
        return "ALARM"
    return "OK" if fine > periods - needed else str(alarm["StateValue"])


class Alarms:
    """Evaluates every alarm once for each of its periods."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._judged: dict[str, float] = {}

    def evaluate(self) -> list[Evaluation]:
        """Evaluate and return the alarms that have a new whole period."""
        evaluations = (self._evaluate(alarm) for alarm in self._aws.store.list(KIND))
        return [evaluation for evaluation in evaluations if evaluation]

    def _evaluate(self, alarm: Doc) -> Evaluation | None:
        period = self._aws.clock.real(period_of(alarm))
        end = math.floor(self._aws.clock.now() / period + 1e-9)
        if self._judged.get(alarm["AlarmName"]) == end:
            return None
        self._judged[alarm["AlarmName"]] = end
        values = self._values(alarm, period, end)
        state = judge(alarm, values)
        changed = state != alarm["StateValue"]
        if changed:
            alarm = set_state(self._aws, alarm["AlarmName"], state, _reason(alarm, state, values))
        return Evaluation(alarm, [value for value in values if value is not None], changed)

    def _values(self, alarm: Doc, period: float, end: int) -> Values:
        """Return one value per period; periods are counted, as sums of fractions are inexact."""
        count = alarm["EvaluationPeriods"]
        margin = period * 1e-6
        span = ((end - count) * period - margin, end * period - margin)
        series = queries.run(self._aws.part(Metrics), queries_of(alarm), span, self._aws.clock.real)
        by_number = {round(at / period): value for at, value in series[_result(alarm)].items()}
        return [by_number.get(number) for number in range(end - count, end)]


def queries_of(alarm: Doc) -> list[Doc]:
    """Return the queries of an alarm, as in GetMetricData: one metric, or arithmetic on several."""
    if "Metrics" in alarm:
        return list(alarm["Metrics"])
    metric = {k: alarm[k] for k in ("Namespace", "MetricName", "Dimensions") if k in alarm}
    statistic = alarm.get("Statistic") or alarm["ExtendedStatistic"]
    stat = {
        "Metric": metric,
        "Stat": statistic,
        "Period": alarm["Period"],
        "Unit": alarm.get("Unit"),
    }
    return [{"Id": "m", "MetricStat": stat}]


def period_of(alarm: Doc) -> float:
    """Return the configured period in seconds."""
    stats = [query["MetricStat"] for query in queries_of(alarm) if "MetricStat" in query]
    return float(max(stat["Period"] for stat in stats))


def _result(alarm: Doc) -> str:
    """Return the id of the query that is compared with the threshold."""
    returned = [query["Id"] for query in queries_of(alarm) if query.get("ReturnData", True)]
    return str(returned[0])


def set_state(aws: Aws, name: str, state: str, reason: str, data: str | None = None) -> Doc:
    now = aws.clock.now()
    former = aws.store.get(KIND, name) or {}
    changed = {
        "StateValue": state,
        "StateReason": reason,
        "StateReasonData": data or json.dumps({"version": "1.0"}),
        "StateUpdatedTimestamp": now,
    }
    if former.get("StateValue") != state:
        changed["StateTransitionedTimestamp"] = now
        _remember(aws, name, f"Alarm updated from {former.get('StateValue')} to {state}", reason)
    return aws.store.update(KIND, name, **changed)


def _remember(aws: Aws, name: str, summary: str, reason: str) -> None:
    item = {
        "AlarmName": name,
        "AlarmType": "MetricAlarm",
        "Timestamp": aws.clock.now(),
        "HistoryItemType": "StateUpdate",
        "HistorySummary": summary,
        "HistoryData": json.dumps({"version": "1.0", "stateReason": reason}),
    }
    aws.store.insert(HISTORY, str(uuid.uuid4()), item)


def arn_of(aws: Aws, name: str) -> str:
    return aws.arn(f"alarm:{name}", "cloudwatch")


def delete(aws: Aws, names: list[str]) -> None:
    """Delete the alarms that exist, with their tags."""
    for name in names:
        if aws.store.get(KIND, name):
            aws.store.delete(KIND, name)
            aws.store.drop_tags(arn_of(aws, name))


def new(aws: Aws, request: dict[str, Any]) -> Doc:
    """Return the document of an alarm for PutMetricAlarm; an existing alarm keeps its state."""
    now = aws.clock.now()
    former = aws.store.get(KIND, request["AlarmName"])
    state = {
        "StateValue": "INSUFFICIENT_DATA",
        "StateReason": "Unchecked: Initial alarm creation",
        "StateUpdatedTimestamp": now,
        "StateTransitionedTimestamp": now,
    }
    kept = {key: former[key] for key in state if key in former} if former else {}
    arn = arn_of(aws, request["AlarmName"])
    doc = {"AlarmArn": arn, "AlarmConfigurationUpdatedTimestamp": now, "ActionsEnabled": True}
    doc |= {"OKActions": [], "AlarmActions": [], "InsufficientDataActions": [], "Dimensions": []}
    return doc | state | kept | {key: item for key, item in request.items() if key != "Tags"}


def put(aws: Aws, request: dict[str, Any]) -> Doc:
    """Store an alarm; only a new one gets the tags of the request, as on AWS."""
    doc, name = new(aws, request), request["AlarmName"]
    if aws.store.get(KIND, name):
        aws.store.delete(KIND, name)
    else:
        aws.store.put_tags(doc["AlarmArn"], request.get("Tags", []))
    aws.store.insert(KIND, doc["AlarmName"], doc)
    return doc


def _reason(alarm: Doc, state: str, values: Values) -> str:
    known = [f"{value}" for value in reversed(values) if value is not None]
    if state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {len(values)} datapoints were unknown."
    wording = COMPARISONS[alarm["ComparisonOperator"]][1]
    verb = "were" if state == "ALARM" else "were not"
    needed = int(alarm.get("DatapointsToAlarm") or alarm["EvaluationPeriods"])
    stamp = time.strftime("%d/%m/%y %H:%M:%S", time.gmtime())
    return (
        f"Threshold Crossed: {len(known)} out of the last {len(values)} datapoints "
        f"[{', '.join(known)} ({stamp})] {verb} {wording} the threshold ({alarm['Threshold']}) "
        f"(minimum {needed} datapoint{'s' if needed > 1 else ''} for "
        f"{alarm['StateValue']} -> {state} transition)."
    )
