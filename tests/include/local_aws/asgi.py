"""Read what an ASGI application or one of its parts sends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]


def sent(send: Callable[..., Coroutine[Any, Any, None]], *arguments: Any) -> list[Message]:
    """Return the messages that *send* hands to the client, its first argument."""
    messages: list[Message] = []

    async def client(message: Message) -> None:
        messages.append(message)

    asyncio.run(send(client, *arguments))
    return messages


def body(messages: list[Message]) -> str:
    """Return the text of a response."""
    return b"".join(message.get("body", b"") for message in messages).decode()
