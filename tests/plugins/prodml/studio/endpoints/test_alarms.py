"""The alarms of an endpoint: what each of them does, and those that fire first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from prodml.studio.endpoints.alarms import MOST_NAMES, alarms

from tests.plugins.answers import Answers

OWN, TEAM, TARGET = "prodml/churn/AllTraffic/errors", "team-latency", "TargetTracking-churn"
AT = datetime(2026, 11, 29, 12, tzinfo=UTC)


def _alarm(name: str, state: str = "OK", **members: Any) -> dict[str, Any]:
    return {"AlarmName": name, "StateValue": state} | members


def _described(aws: Answers, *, rollback: list[str], scaling: list[str]) -> list[tuple[str, str]]:
    account: Any = aws
    return [(alarm["name"], alarm["use"]) for alarm in alarms(account, "churn", rollback, scaling)]


def _describe(AlarmNamePrefix: str = "", AlarmNames: Any = (), **_: Any) -> Any:  # noqa: N803
    if AlarmNamePrefix:
        return {"MetricAlarms": [_alarm(OWN)]}
    return {"MetricAlarms": [_alarm(name, "ALARM") for name in AlarmNames]}


def test_each_alarm_has_its_use_and_those_in_alarm_are_first() -> None:
    aws = Answers(describe_alarms=_describe)
    assert _described(aws, rollback=[OWN, TEAM], scaling=[TARGET]) == [
        (TARGET, "scaling"),
        (TEAM, "rollback"),
        (OWN, "rollback"),
    ]
    requests = [request for _, request in aws.calls]
    assert requests == [{"AlarmNamePrefix": "prodml/churn/"}, {"AlarmNames": [TEAM, TARGET]}]


def test_an_alarm_that_no_deployment_uses_watches() -> None:
    aws = Answers(describe_alarms=_describe)
    assert _described(aws, rollback=[], scaling=[]) == [(OWN, "watch")]
    assert len(aws.calls) == 1, "no second call without other names"


def test_one_call_names_no_more_alarms_than_aws_allows() -> None:
    aws = Answers(describe_alarms=_describe)
    names = [f"team-{number}" for number in range(MOST_NAMES + 1)]
    _described(aws, rollback=names, scaling=[])
    assert len(aws.calls[1][1]["AlarmNames"]) == MOST_NAMES


def test_an_alarm_is_described_with_what_it_compares() -> None:
    first = _alarm(
        OWN,
        StateReason="too high",
        StateUpdatedTimestamp=AT,
        MetricName="ModelLatency",
        ExtendedStatistic="p99",
        ComparisonOperator="GreaterThanThreshold",
        Threshold=0.5,
    )
    aws: Any = Answers(describe_alarms={"MetricAlarms": [first, _alarm("prodml/churn/z")]})
    full, bare = alarms(aws, "churn", [], [])
    assert full == {
        "name": OWN,
        "use": "watch",
        "state": "OK",
        "reason": "too high",
        "since": "2026-11-29T12:00:00+00:00",
        "metric": "ModelLatency",
        "statistic": "p99",
        "comparison": "GreaterThanThreshold",
        "threshold": 0.5,
    }
    assert (bare["since"], bare["metric"], bare["threshold"]) == (None, "", None)
