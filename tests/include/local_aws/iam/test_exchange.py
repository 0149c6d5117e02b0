from __future__ import annotations

import asyncio
from typing import Any

import pytest

from include.local_aws.iam.exchange import Upload


def part(body: bytes, *, is_last: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": not is_last}


GONE = {"type": "http.disconnect"}


@pytest.mark.parametrize(
    "messages",
    [[part(b"1"), part(b"2"), part(b"3", is_last=True)], [part(b"1"), GONE], [GONE]],
    ids=["whole", "aborted", "empty"],
)
@pytest.mark.parametrize("before", [0, 1], ids=["unread", "begun"])
def test_rest_of_a_body_is_read_once(messages: list[dict[str, Any]], before: int) -> None:
    """A server that is asked for more after the end waits for a request that never comes."""
    waiting = list(messages)

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)  # raises IndexError after the end

    async def refuse() -> None:
        upload = Upload(receive)
        for _ in range(before):
            assert await upload.receive() == messages[0]
        await upload.drain()
        await upload.drain()

    asyncio.run(refuse())
    assert waiting == []
