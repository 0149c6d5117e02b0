"""Reading requests and writing answers, without a server."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import MutableMapping
from typing import Any

import pytest

from include.local_aws.wire import codecs, http
from include.local_aws.wire.errors import AwsError

ERROR = AwsError("Bad", "1 < 2 & 3")


class Messages:
    """An ASGI `receive` that returns messages one by one, and a `send` that records them."""

    def __init__(self, *parts: bytes, whole: bool = True) -> None:
        self.sent: list[MutableMapping[str, Any]] = []
        last = len(parts) - 1 if whole else len(parts)
        self._messages = [
            {"type": "http.request", "body": part, "more_body": number < last}
            for number, part in enumerate(parts)
        ]

    async def receive(self) -> MutableMapping[str, Any]:
        return self._messages.pop(0) if self._messages else {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        self.sent.append(message)


def test_fields_are_read_as_latin_1() -> None:
    assert http.fields({"headers": [(b"x-name", b"\xe4")]}) == {"x-name": "ä"}


def test_repeated_field_is_joined_as_moto_reads_it() -> None:
    sent = [(b"x-amz-copy-source", b"a/b?x="), (b"host", b"c"), (b"x-amz-copy-source", b"d/e")]
    expected = {"x-amz-copy-source": "a/b?x=,d/e", "host": "c"}
    assert http.fields({"headers": sent}) == expected


def test_body_is_joined_from_its_parts() -> None:
    assert asyncio.run(http.read(Messages(b"a", b"", b"b").receive)) == b"ab"


def test_body_that_is_cut_off_is_none() -> None:
    with pytest.raises(http.Disconnected):
        asyncio.run(http.read(Messages(b"a", b"b", whole=False).receive))


def test_gzip_is_unpacked_and_anything_else_left() -> None:
    packed = gzip.compress(b"data")
    assert http.unpacked(packed, {"content-encoding": "gzip"}) == b"data"
    assert http.unpacked(packed, {}) == packed


def test_document_is_answered_with_its_length_and_an_id() -> None:
    messages = Messages()
    asyncio.run(http.answer(messages.send, 201, {"a": 1}))
    head, body = messages.sent
    headers = dict(head["headers"])
    assert (head["status"], json.loads(body["body"])) == (201, {"a": 1})
    assert headers[b"content-length"] == b"8"
    assert headers[b"x-amzn-requestid"]


@pytest.mark.parametrize(
    ("service", "given", "kind", "body"),
    [
        ("sagemaker", "", "application/x-amz-json-1.1", b'{"__type": "Bad", "message"'),
        ("iam", "application/x-www-form-urlencoded; charset=utf-8", "text/xml", b"<ErrorResponse>"),
        ("s3", "text/csv", "application/xml", b"<Error><Code>Bad</Code><Message>1 &lt; 2 &amp; 3"),
    ],
)
def test_refusal_is_in_the_protocol_of_the_request(
    service: str, given: str, kind: str, body: bytes
) -> None:
    content_type, written = http.refusal(ERROR, service, given)
    assert (content_type, written[: len(body)]) == (kind, body)


def test_refusal_in_cbor_can_be_read() -> None:
    kind, body = http.refusal(ERROR, "monitoring", "application/cbor")
    assert kind == "application/cbor"
    assert codecs.CBOR.parsed(body) == {"__type": "Bad", "message": ERROR.message}
