"""Alarms on a variant's errors and latency."""

from __future__ import annotations

from typing import Any

from prodml.operators.alarms import EndpointAlarmsOperator

from include.local_aws.testing import Server
from tests.plugins.runs import Ti, run


def guard(endpoint: str, ti: Ti, **arguments: Any) -> list[str]:
    operator = EndpointAlarmsOperator(task_id="guard", endpoint=endpoint, **arguments)
    return list(run(operator, ti)["alarms"])


def alarms(server: Server, names: list[str]) -> list[dict[str, Any]]:
    found = server.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    return sorted(found, key=lambda alarm: str(alarm["MetricName"]))


def test_latency_has_an_alarm_only_if_it_is_given(server: Server, unique: str, ti: Ti) -> None:
    names = guard(unique, ti, max_latency_ms="None")
    assert [a["MetricName"] for a in alarms(server, names)] == ["Invocation5XXErrors"]
    both = guard(unique, ti, max_error_percent="5", max_latency_ms="20")
    errors, latency = alarms(server, both)
    assert (errors["Threshold"], latency["Threshold"]) == (0.05, 20_000.0)  # a share; microseconds
    assert errors["TreatMissingData"] == "notBreaching"


def test_other_numbers_change_the_same_alarm(server: Server, unique: str, ti: Ti) -> None:
    first = guard(unique, ti, max_error_percent=1)
    assert guard(unique, ti, max_error_percent=10) == first
    assert [alarm["Threshold"] for alarm in alarms(server, first)] == [0.1]
