from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.model import OperationModel
from botocore.parsers import QueryParser
from botocore.serialize import QuerySerializer

from include.local_aws.wire import model, query
from include.local_aws.wire.errors import AwsError

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _operation(name: str, service: str = "cloudwatch") -> OperationModel:
    operation = model.operation(service, name)
    assert operation is not None
    return operation


def _form(name: str, request: dict[str, Any], service: str = "cloudwatch") -> bytes:
    """Return the form that a client sends."""
    from urllib.parse import urlencode

    made = QuerySerializer().serialize_to_request(request, _operation(name, service))
    return urlencode(made["body"]).encode()


def test_request_is_parsed_unchanged() -> None:
    request = {
        "Namespace": "N & M",
        "MetricData": [
            {
                "MetricName": "a",
                "Dimensions": [{"Name": "x", "Value": "1=2"}],
                "Timestamp": NOON,
                "Values": [float(n) for n in range(12)],
            },
            {"MetricName": "b", "Value": -1e-5},
        ],
    }
    form = _form("PutMetricData", request)
    parsed = query.read(form, _operation("PutMetricData").input_shape)
    request["MetricData"][0]["Timestamp"] = NOON.timestamp()  # type: ignore[index]
    assert parsed == request
    assert query.action_of(form) == "PutMetricData"


@pytest.mark.parametrize(
    ("service", "name", "request_"),
    [
        ("sns", "SetEndpointAttributes", {"EndpointArn": "a", "Attributes": {"b": "c", "d": ""}}),
        (
            "sns",
            "Publish",
            {
                "Message": "a",
                "MessageAttributes": {"b": {"DataType": "Binary", "BinaryValue": b"c"}},
            },
        ),
        (
            "elasticache",
            "AddTagsToResource",
            {"ResourceName": "a", "Tags": [{"Key": "b", "Value": "c"}]},
        ),
    ],
    ids=["map", "map-with-names", "list-with-a-name"],
)
def test_maps_lists_and_bytes_of_other_services_are_parsed(
    service: str, name: str, request_: dict[str, Any]
) -> None:
    form = _form(name, request_, service)
    assert query.read(form, _operation(name, service).input_shape) == request_


def test_map_of_a_response_can_be_parsed_by_a_client() -> None:
    operation = _operation("GetEndpointAttributes", "sns")
    body = query.codec(operation).write({"Attributes": {"a": "b"}}, operation.output_shape)
    answer = {"status_code": 200, "headers": {}, "body": body}
    assert QueryParser().parse(answer, operation.output_shape)["Attributes"] == {"a": "b"}


def test_response_can_be_parsed_by_a_client() -> None:
    document = {
        "MetricAlarms": [
            {
                "AlarmName": "a <b> & \x00",
                "ActionsEnabled": True,
                "Threshold": 0.5,
                "StateUpdatedTimestamp": NOON.timestamp(),
                "OKActions": [],
                "AlarmActions": ["x", "y"],
                "Unknown": 1,
            }
        ]
    }
    operation = _operation("DescribeAlarms")
    codec = query.codec(operation)
    body = codec.write(document, operation.output_shape)
    shape = operation.output_shape
    shape.serialization.setdefault("resultWrapper", "DescribeAlarmsResult")
    answer = {"status_code": 200, "headers": {}, "body": body}
    (alarm,) = QueryParser().parse(answer, shape)["MetricAlarms"]
    assert alarm == {
        "AlarmName": "a <b> & \ufffd",
        "ActionsEnabled": True,
        "Threshold": 0.5,
        "StateUpdatedTimestamp": NOON,
        "OKActions": [],
        "AlarmActions": ["x", "y"],
    }


def test_operation_without_an_answer_still_has_its_metadata() -> None:
    operation = _operation("PutMetricData")
    body = query.codec(operation).write({}, operation.output_shape).decode()
    assert body.startswith('<PutMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/')
    assert "<RequestId>" in body


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (b"Period=soon", "Value 'soon' at 'Period' .* Member must be a integer"),
        (b"Threshold=", "Member must be a double"),
        (b"ActionsEnabled=1", "Member must be a boolean"),
    ],
)
def test_value_of_another_type_is_refused_by_its_name(form: bytes, message: str) -> None:
    with pytest.raises(AwsError, match=message) as caught:
        query.read(form, _operation("PutMetricAlarm").input_shape)
    assert caught.value.code == "ValidationError"


@pytest.mark.parametrize("form", [b"a", b"\xff=1", b"a." * 100 + b"b=1"])
def test_invalid_form_is_refused(form: bytes) -> None:
    operation = _operation("ListMetrics")
    with pytest.raises(AwsError) as caught:
        query.codec(operation).parsed(form, operation.input_shape)
    assert caught.value.code == "SerializationException"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T12:00:00Z", NOON.timestamp()),
        ("2026-03-02T13:00:00.500+01:00", NOON.timestamp() + 0.5),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC).timestamp()),
        ("1767226271", 1767226271.0),
    ],
)
def test_timestamps_are_iso_8601_or_seconds(text: str, moment: float) -> None:
    shape = _operation("GetMetricStatistics").input_shape
    assert query.read(f"StartTime={text.replace('+', '%2B')}".encode(), shape) == {
        "StartTime": moment
    }


@pytest.mark.parametrize("text", ["-62135596801", "1e300", "nan", "inf", "..", "0000-01-01", ""])
def test_times_outside_the_calendar_are_refused(text: str) -> None:
    shape = _operation("GetMetricStatistics").input_shape
    with pytest.raises(AwsError, match=r"at 'EndTime' .* Member must be a timestamp"):
        query.read(f"EndTime={text}".encode(), shape)
