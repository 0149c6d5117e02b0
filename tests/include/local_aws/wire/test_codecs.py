from __future__ import annotations

import math

import pytest

from include.local_aws.wire import codecs, model
from include.local_aws.wire.errors import AwsError

OPERATION = model.operation("cloudwatch", "DescribeAlarms")
DOCUMENT = {"MetricAlarms": [{"AlarmName": "a", "Threshold": 0.5, "Unknown": 1}]}


@pytest.mark.parametrize("codec", [codecs.JSON, codecs.CBOR])
def test_answer_is_written_as_its_shape_and_read_back(codec: codecs.Codec) -> None:
    assert OPERATION is not None
    body = codec.write(DOCUMENT, OPERATION.output_shape)
    assert codec.parsed(body) == {"MetricAlarms": [{"AlarmName": "a", "Threshold": 0.5}]}


@pytest.mark.parametrize("codec", [codecs.JSON, codecs.CBOR])
def test_operation_without_an_answer_writes_an_empty_map(codec: codecs.Codec) -> None:
    assert codec.parsed(codec.write({"a": 1}, None)) == {}


@pytest.mark.parametrize(
    ("codec", "body"),
    [
        (codecs.JSON, b"{"),
        (codecs.JSON, b"\xff"),
        (codecs.JSON, b"[" * 100_000),
        (codecs.CBOR, b"\xff"),
        (codecs.CBOR, b"\x9f"),
        (codecs.CBOR, b"\x81" * 5000),
        (codecs.CBOR, b"\x5b\x00\x00\x01\x00\x00\x00\x00\x00"),  # a string of 2^40 bytes
        (codecs.CBOR, b"\x9b\x00\x00\x01\x00\x00\x00\x00\x00"),  # a list of 2^40 items
    ],
)
def test_unreadable_body_is_a_serialization_error(codec: codecs.Codec, body: bytes) -> None:
    with pytest.raises(AwsError, match="Could not parse request body") as refused:
        codec.parsed(body)
    assert refused.value.code == "SerializationException"


def test_empty_json_body_is_an_empty_request() -> None:
    assert codecs.JSON.parsed(b"") == {}


def test_cbor_names_its_protocol() -> None:
    assert (b"smithy-protocol", b"rpc-v2-cbor") in codecs.CBOR.headers


def test_numbers_that_json_cannot_hold_are_strings() -> None:
    operation = model.operation("cloudwatch", "PutMetricData")
    assert operation is not None
    body = b'{"Namespace": "NaN", "MetricData": [{"Value": "NaN"}, {"Value": "-Infinity"}]}'
    request = codecs.METRICS.parsed(body, operation.input_shape)
    assert request["Namespace"] == "NaN"
    values = [datum["Value"] for datum in request["MetricData"]]
    assert math.isnan(values[0])
    assert values[1] == -math.inf


@pytest.mark.parametrize(
    "body", [b'{"a": NaN}', b'{"a": 1e999}', b'{"a": "\\ud800"}', b'{"\\udfff": 1}']
)
def test_invalid_json_is_refused(body: bytes) -> None:
    with pytest.raises(AwsError) as caught:
        codecs.JSON.parsed(body)
    assert caught.value.code == "SerializationException"


@pytest.mark.parametrize(
    ("codec", "body"),
    [
        (codecs.JSON, b'{"MaxRecords": 5.0}'),
        (codecs.JSON, b'{"MaxRecords": 0.5e1}'),
        (codecs.CBOR, b"\xa1\x6aMaxRecords\xfb\x40\x14" + bytes(6)),
    ],
)
def test_whole_float_is_an_integer_where_the_shape_has_one(
    codec: codecs.Codec, body: bytes
) -> None:
    assert OPERATION is not None
    most = codec.parsed(body, OPERATION.input_shape)["MaxRecords"]
    assert (most, type(most)) == (5, int)


def test_members_that_are_null_are_not_there() -> None:
    body = b'{"a": null, "b": {"c": null, "d": [1, null, {"e": null}]}}'
    assert codecs.JSON.parsed(body) == {"b": {"d": [1, None, {}]}}
