"""Have alarms on a variant's errors and latency."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.operators.alarms import EndpointAlarmsOperator

from include.local_aws.testing import Server
from tests.plugins.runs import Ti, run


@pytest.fixture(scope="module")
def cloudwatch(server: Server) -> Any:
    return server.client("cloudwatch")


def _put(endpoint: str, ti: Ti, **arguments: Any) -> list[str]:
    operator = EndpointAlarmsOperator(task_id="guard", endpoint=endpoint, **arguments)
    return list(run(operator, ti)["alarms"])


def _alarms(cloudwatch: Any, endpoint: str) -> dict[str, dict[str, Any]]:
    alarms = cloudwatch.describe_alarms(AlarmNamePrefix=f"prodml/{endpoint}/")["MetricAlarms"]
    return {alarm["AlarmName"]: alarm for alarm in alarms}


def test_a_component_has_alarms_of_its_own(cloudwatch: Any, unique: str, ti: Ti) -> None:
    (name,) = _put(unique, ti, component="fast")
    assert name == f"prodml/{unique}/fast/errors"
    dimensions = _alarms(cloudwatch, unique)[name]["Dimensions"]
    assert dimensions == [{"Name": "InferenceComponentName", "Value": "fast"}]


def test_errors_alone_are_watched_unless_a_latency_is_given(
    cloudwatch: Any, unique: str, ti: Ti
) -> None:
    names = _put(unique, ti)
    assert names == [f"prodml/{unique}/AllTraffic/errors"]
    alarm = _alarms(cloudwatch, unique)[names[0]]
    assert (alarm["MetricName"], alarm["Threshold"]) == ("Invocation5XXErrors", 0.01)
    assert alarm["TreatMissingData"] == "notBreaching"  # a minute without requests is no alarm
    assert {d["Name"]: d["Value"] for d in alarm["Dimensions"]} == {
        "EndpointName": unique,
        "VariantName": "AllTraffic",
    }


def test_rendered_numbers_are_in_the_units_of_sagemaker(
    cloudwatch: Any, unique: str, ti: Ti
) -> None:
    names = _put(unique, ti, variant="Challenger", max_error_percent="5", max_latency_ms="250")
    assert names == [f"prodml/{unique}/Challenger/{what}" for what in ("errors", "latency")]
    alarms = _alarms(cloudwatch, unique)
    assert alarms[names[0]]["Threshold"] == 0.05
    assert (alarms[names[1]]["MetricName"], alarms[names[1]]["Threshold"]) == (
        "ModelLatency",
        250e3,
    )


def test_other_numbers_change_the_alarm(cloudwatch: Any, unique: str, ti: Ti) -> None:
    assert _put(unique, ti) == _put(unique, ti, max_error_percent=10)
    (alarm,) = _alarms(cloudwatch, unique).values()
    assert alarm["Threshold"] == 0.1


@pytest.mark.parametrize("left_out", [None, "", "None"])
def test_a_latency_that_is_left_out_in_a_form_makes_no_alarm(
    left_out: str | None, unique: str, ti: Ti
) -> None:
    assert len(_put(unique, ti, max_latency_ms=left_out)) == 1


def test_an_invalid_number_is_named(unique: str, ti: Ti) -> None:
    with pytest.raises(ValueError, match="'few'"):
        _put(unique, ti, max_error_percent="few")
