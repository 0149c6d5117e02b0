"""Signed bodies: AWS's published example of a streaming upload, whole and tampered with."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.iam.payloads import ChunkedBody, HashedBody
from include.local_aws.iam.refusals import Refused
from include.local_aws.iam.sigv4 import Signature

# https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SEED = Signature(
    *("AKIAIOSFODNN7EXAMPLE", "20130524", "us-east-1", "s3", ("host",)),
    "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    "20130524T000000Z",
)
CHUNKS = [
    (65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
    (1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
    (0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
]
BODY = b"".join(
    b"%x;chunk-signature=%s\r\n%s\r\n" % (size, signature.encode(), b"a" * size)
    for size, signature in CHUNKS
)


def passed(body: bytes, piece: int, check: Callable[[Any], Any]) -> bytes:
    """Return what of *body* passes, which arrives in pieces."""
    pieces = [body[at : at + piece] for at in range(0, len(body), piece)] or [b""]
    messages = [
        {"type": "http.request", "body": part, "more_body": number < len(pieces)}
        for number, part in enumerate(pieces, 1)
    ]

    async def receive() -> Any:
        return messages.pop(0)

    async def read() -> bytes:
        checked: Any = check(receive)
        result = b""
        while True:
            message = await checked.receive()
            result += bytes(message["body"])
            if not message["more_body"]:
                return result

    return asyncio.run(read())


def chunked(receive: Any) -> ChunkedBody:
    return ChunkedBody(receive, SEED, SECRET, "s3")


@pytest.mark.parametrize("piece", [1000, 70_000, 1 << 20])
def test_example_of_the_s3_reference_passes(piece: int) -> None:
    assert passed(BODY, piece, chunked) == BODY


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace(b"aaaa\r\n", b"aaab\r\n"),
        BODY[: BODY.index(b"400;")],
        b"no chunk at all" * 100,
        b"ffffffff;chunk-signature=" + b"0" * 64 + b"\r\n",
    ],
    ids=["changed", "cut-off", "no-chunks", "too-large"],
)
def test_chunks_that_were_not_signed_are_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        passed(body, 5000, chunked)
    assert refused.value.code == "SignatureDoesNotMatch"


def test_body_with_another_hash_is_refused_at_its_end() -> None:
    digest = hashlib.sha256(b"body").hexdigest()
    assert passed(b"body", 2, lambda receive: HashedBody(receive, digest, "s3")) == b"body"
    with pytest.raises(Refused) as refused:
        passed(b"other", 2, lambda receive: HashedBody(receive, digest, "s3"))
    assert refused.value.code == "XAmzContentSHA256Mismatch"
