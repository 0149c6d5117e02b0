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
from include.local_aws.sagemaker.runtime.connections import Invocation, Response
from include.local_aws.sagemaker.runtime.deployments import Variant
from include.local_aws.sagemaker.runtime.gateway import Gateway
from include.local_aws.wire.errors import AwsError
from include.local_aws.wire.http import Disconnected
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
    called = _gateway({endpoint: traffic})._call(traffic, endpoint, {}, b"")
    _, response = asyncio.run(called)
    assert response.status == 0
    assert b"timed out while waiting for a response from container primary" in response.body


def _unused(**members: Any) -> Any:
    return SimpleNamespace(**members)


def _gateway(live: dict[str, Any]) -> Gateway:
    observations = _unused(record=lambda *_: None)
    return Gateway(_unused(account="0"), live, observations, _unused(), _unused(), {})


class _Model:
    """A variant whose model sends *pieces*, and then waits until it is cancelled or ends."""

    name, is_direct, is_multi_model, component = "AllTraffic", False, False, ""
    deployment = _unused(shadows={})

    def __init__(self, pieces: list[bytes], ends: bool = True) -> None:
        self._pieces, self._ends = pieces, ends
        self.is_cancelled = False

    async def ask(self, invocation: Invocation) -> Response:
        for piece in self._pieces:
            assert invocation.stream is not None
            invocation.stream([], piece)
        try:
            await asyncio.sleep(0 if self._ends else 60)
        except asyncio.CancelledError:
            self.is_cancelled = True
            raise
        return Response(200, [], b"")

    def traffic(self) -> Any:
        present = _unused(hosts_components=False, asynchronous=None)
        return _unused(choose=lambda _: self, present=present)


async def _streamed(model: _Model, send: Any) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"1"}

    scope = {"path": "/endpoints/churn/invocations-response-stream", "headers": []}
    await _gateway({"churn": model.traffic()})(scope, receive, send)


def test_stream_without_a_piece_is_an_empty_response() -> None:
    messages: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    asyncio.run(_streamed(_Model([]), send))
    start, end = messages
    assert (start["status"], end) == (200, {"type": "http.response.body", "body": b""})


def test_model_is_cancelled_for_a_client_that_hung_up() -> None:
    model = _Model([b"first", b"second"], ends=False)

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            raise Disconnected

    async def check() -> None:
        with pytest.raises(Disconnected):
            await _streamed(model, send)
        await asyncio.sleep(0)
        assert model.is_cancelled  # before the loop ends, which cancels all tasks

    asyncio.run(check())


def test_request_to_an_endpoint_that_is_deleted_meanwhile_is_refused() -> None:
    """End its wait for an instance before the time limit."""
    variant = Variant(_unused(), "churn", {"VariantName": "One", "DesiredWeight": 1}, _unused())
    traffic = _unused(choose=lambda _: variant, present=_unused(hosts_components=False))
    live = {"churn": traffic}

    async def check() -> None:
        request = asyncio.create_task(_gateway(live)._call(traffic, "churn", {}, b""))
        await asyncio.sleep(0)
        del live["churn"]
        with pytest.raises(AwsError, match="Endpoint churn of account 0 not found"):
            await request

    asyncio.run(check())


def test_request_that_is_cut_off_reaches_no_model(platform: Platform, endpoint: str) -> None:
    """The part that arrives would end the process of the model."""
    answers = {platform.invoke(endpoint, "who") for _ in range(6)}
    path = f"/endpoints/{endpoint}/invocations"
    for _ in range(4):
        cut_off(platform.server, "POST", path, {"Content-Type": "text/csv"}, b"die")
    assert {platform.invoke(endpoint, "who") for _ in range(6)} == answers
