"""Read the alarms that watch an endpoint, roll its deployments back, or scale it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

from prodml.aws.alarms import alarm_prefix
from prodml.aws.client import Clients
from prodml.aws.retries import pages
from prodml.studio.moments import iso
from prodml.vocabulary import Json

ROLLBACK, SCALING, WATCH = "rollback", "scaling", "watch"
MOST_NAMES = 100  # of one DescribeAlarms


class Alarm(TypedDict):
    """A metric alarm; *use* is rollback, scaling or watch."""

    name: str
    use: str
    state: str
    reason: str
    since: str | None
    metric: str
    statistic: str
    comparison: str
    threshold: float | None


def alarms(
    aws: Clients, endpoint: str, rollback: Sequence[str], scaling: Sequence[str]
) -> list[Alarm]:
    """Return the alarms of *endpoint*, those in state ALARM first.

    :param rollback: The names of the alarms that roll a deployment back.
    :param scaling: The names of the alarms of its scaling policies.
    """
    described = {
        alarm["AlarmName"]: alarm for alarm in _described(aws, endpoint, rollback, scaling)
    }
    uses = dict.fromkeys(scaling, SCALING) | dict.fromkeys(rollback, ROLLBACK)
    known = [_alarm(alarm, uses.get(name, WATCH)) for name, alarm in described.items()]
    return sorted(known, key=lambda alarm: (alarm["state"] != "ALARM", alarm["name"]))


def _described(aws: Clients, endpoint: str, *names: Sequence[str]) -> Iterator[Json]:
    """Yield the alarms with the endpoint's prefix, and the others that are named."""
    describe, prefix = aws.client("cloudwatch").describe_alarms, alarm_prefix(endpoint)
    for page in pages(describe, AlarmNamePrefix=prefix):
        yield from page["MetricAlarms"]
    others = [name for group in names for name in group if not name.startswith(prefix)]
    if others:
        for page in pages(describe, AlarmNames=others[:MOST_NAMES]):
            yield from page["MetricAlarms"]


def _alarm(alarm: Json, use: str) -> Alarm:
    return {
        "name": alarm["AlarmName"],
        "use": use,
        "state": alarm["StateValue"],
        "reason": alarm.get("StateReason", ""),
        "since": iso(alarm.get("StateUpdatedTimestamp")),
        "metric": alarm.get("MetricName", ""),
        "statistic": alarm.get("Statistic") or alarm.get("ExtendedStatistic", ""),
        "comparison": alarm.get("ComparisonOperator", ""),
        "threshold": alarm.get("Threshold"),
    }
