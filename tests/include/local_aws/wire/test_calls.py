"""Requests for operations of this server, in every protocol, as opposed to moto's."""

from __future__ import annotations

import pytest

from include.local_aws.wire import codecs
from include.local_aws.wire.calls import Call, called

RPC = "/service/GraniteServiceVersion20100801/operation/PutMetricData"


def target(name: str) -> dict[str, str]:
    return {"x-amz-target": name}


@pytest.mark.parametrize(
    ("path", "headers", "call"),
    [
        ("/", target("SageMaker.CreateModel"), Call("sagemaker", "CreateModel", codecs.JSON)),
        ("/", target("Logs_20140328.GetLogEvents"), Call("logs", "GetLogEvents", codecs.JSON)),
        (
            "/",
            target("GraniteServiceVersion20100801.PutMetricData"),
            Call("cloudwatch", "PutMetricData", codecs.METRICS),
        ),
        (RPC, {}, Call("cloudwatch", "PutMetricData", codecs.CBOR)),
        ("/BatchPutMetrics", {}, Call("sagemaker-metrics", "BatchPutMetrics", codecs.JSON)),
    ],
    ids=["json", "json-of-a-version", "json-of-metrics", "cbor", "path"],
)
def test_request_names_operation_and_protocol(
    path: str, headers: dict[str, str], call: Call
) -> None:
    assert called(path, headers) == call


def test_path_of_a_protocol_counts_before_a_target() -> None:
    call = called(RPC, target("SageMaker.CreateModel"))
    assert call is not None
    assert call.service == "cloudwatch"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {}),
        ("/bucket/BatchPutMetrics", {}),
        ("/", target("DynamoDB_20120810.GetItem")),
        ("/service/Invented/operation/GetItem", {}),
    ],
)
def test_other_requests_are_for_moto(path: str, headers: dict[str, str]) -> None:
    assert called(path, headers) is None
