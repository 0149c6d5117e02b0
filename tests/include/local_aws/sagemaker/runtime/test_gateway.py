from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from include.local_aws.sagemaker.runtime import gateway
from include.local_aws.sagemaker.runtime.deployments import Variant
from include.local_aws.sagemaker.runtime.gateway import Gateway
from tests.include.local_aws.models import Platform
from tests.include.local_aws.raw import cut_off


def test_answer_is_the_models_own(platform: Platform, endpoint: str) -> None:
    answer = platform.runtime.invoke_endpoint(
        EndpointName=endpoint, Body="1,2,3", ContentType="text/csv", InferenceId="a-1"
    )
    assert answer["Body"].read() == b"1,2,3"
    assert answer["ContentType"] == "text/csv"
    assert answer["InvokedProductionVariant"] == "AllTraffic"


def test_accept_reaches_the_model(platform: Platform, endpoint: str) -> None:
    assert platform.invoke(endpoint, "accept", Accept="application/json") == "application/json"


def test_unknown_endpoint_is_refused(platform: Platform) -> None:
    with pytest.raises(ClientError) as caught:
        platform.invoke("nosuch", "1")
    assert caught.value.response["Error"]["Code"] == "ValidationError"
    message = "Endpoint nosuch of account 000000000000 not found."
    assert caught.value.response["Error"]["Message"] == message


def test_unknown_variant_is_refused(platform: Platform, endpoint: str) -> None:
    with pytest.raises(ClientError, match="Variant Blue not found") as caught:
        platform.invoke(endpoint, "1", TargetVariant="Blue")
    assert caught.value.response["Error"]["Code"] == "ValidationError"


def test_payload_limit_is_named(platform: Platform, endpoint: str) -> None:
    url = f"{platform.server.url}/endpoints/{endpoint}/invocations"
    request = urllib.request.Request(url, data=b"x" * (6 * 1024 * 1024 + 1), method="POST")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code == 413
    assert "exceeded 6291456 bytes" in json.load(caught.value)["message"]


def test_large_body_is_accepted(platform: Platform, endpoint: str) -> None:
    body = "1," * (3 * 1024 * 1024)
    assert platform.invoke(endpoint, body) == body


def test_other_actions_are_refused_in_json(platform: Platform, endpoint: str) -> None:
    url = f"{platform.server.url}/endpoints/{endpoint}/invocations-by-voice"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(url, b"1"), timeout=10)
    assert caught.value.code == 400
    assert "is not emulated" in json.loads(caught.value.read())["Message"]


def test_unsupported_members_are_refused(platform: Platform, endpoint: str) -> None:
    with pytest.raises(ClientError, match="are not emulated") as caught:
        platform.invoke(endpoint, "1", SessionId="s")
    assert caught.value.response["Error"]["Code"] == "ValidationError"


def test_response_limit_is_named(platform: Platform, endpoint: str) -> None:
    with pytest.raises(platform.runtime.exceptions.ModelError, match="exceeded 6291456 bytes"):
        platform.invoke(endpoint, f"long {6 * 1024 * 1024 + 1}")


def test_time_limit_is_named(
    platform: Platform, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process and with a short limit: the real one lasts a minute."""
    monkeypatch.setattr(gateway, "INVOCATION_SECONDS", 0.05)
    variant = Variant(_unused(), endpoint, {"VariantName": "One", "DesiredWeight": 1}, _unused())
    present = _unused(hosts_components=False)
    traffic = _unused(choose=lambda target: variant, present=present)
    called = Gateway(_unused(), {}, _unused(), _unused(), _unused(), {})._call(
        traffic, endpoint, {}, b""
    )
    _, response = asyncio.run(called)
    assert response.status == 0
    assert b"timed out while waiting for a response from container primary" in response.body


def _unused(**members: Any) -> Any:
    return SimpleNamespace(**members)


def test_request_that_is_cut_off_reaches_no_model(platform: Platform, endpoint: str) -> None:
    """The part that arrives would end the process of the model."""
    answers = {platform.invoke(endpoint, "who") for _ in range(6)}
    path = f"/endpoints/{endpoint}/invocations"
    for _ in range(4):
        cut_off(platform.server, "POST", path, {"Content-Type": "text/csv"}, b"die")
    assert {platform.invoke(endpoint, "who") for _ in range(6)} == answers
