from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest

from include.local_aws.sagemaker.runtime import messages
from include.local_aws.sagemaker.runtime.connections import PAYLOAD_LIMIT, Response
from include.local_aws.sagemaker.runtime.errors import ModelError
from include.local_aws.wire.errors import AwsError
from include.local_aws.wire.http import Disconnected
from tests.include.local_aws.asgi import sent


def _receiving(*received: dict[str, Any]) -> Any:
    queue = [{"type": "http.request"} | message for message in received]

    async def receive() -> dict[str, Any]:
        return queue.pop(0)

    return receive


@pytest.mark.parametrize("before", [[], [{"body": b"1,", "more_body": True}]])
def test_client_that_hangs_up_is_not_answered(before: list[dict[str, Any]]) -> None:
    receive = _receiving(*before, {"type": "http.disconnect"})
    with pytest.raises(Disconnected):
        asyncio.run(messages.read(receive))


def test_body_in_parts_is_joined() -> None:
    receive = _receiving({"body": b"1,", "more_body": True}, {"body": b"2"})
    assert asyncio.run(messages.read(receive)) == b"1,2"


def test_large_body_is_read_to_its_end_and_refused() -> None:
    rest = b"1" * 1024
    receive = _receiving(
        {"body": b"1" * PAYLOAD_LIMIT, "more_body": True},
        {"body": rest, "more_body": True},
        {"body": rest},
    )
    with pytest.raises(AwsError, match=f"exceeded {PAYLOAD_LIMIT} bytes"):
        asyncio.run(messages.read(receive))


def test_client_that_has_gone_is_no_empty_request() -> None:
    receive = _receiving({"body": b"1", "more_body": True}, {"type": "http.disconnect"})
    with pytest.raises(Disconnected):
        asyncio.run(messages.read(receive))


def test_answer_names_the_variant_and_keeps_the_models_fields() -> None:
    headers = [(b"content-type", b"text/csv"), (b"server", b"secret")]
    variant = SimpleNamespace(name="Blue")
    start, body = sent(messages.answer, variant, Response(200, headers, b"0.5"))
    fields = dict(start["headers"])
    assert fields[b"x-amzn-invoked-production-variant"] == b"Blue"
    assert fields[b"content-type"] == b"text/csv"
    assert b"server" not in fields
    assert body["body"] == b"0.5"


def test_error_of_a_model_has_its_members() -> None:
    error = ModelError("it failed", 500, "why", "arn")
    start, body = sent(messages.refuse, error)
    assert start["status"] == 424
    assert json.loads(body["body"])["OriginalMessage"] == "why"
