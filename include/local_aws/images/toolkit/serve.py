"""A model server: AWS's Transformer (model_fn, input_fn, predict_fn, output_fn) behind ASGI.

It listens on port SAGEMAKER_BIND_TO_PORT. The user's handlers are `inference.py` (or
SAGEMAKER_PROGRAM) in the model's code/ folder.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from container_codecs import SEVERAL
from defaults import default_handler
from sagemaker_inference import environment
from sagemaker_inference.transformer import Transformer
from worker import Worker

Send = Callable[[dict[str, Any]], Awaitable[None]]
SELDOM = 50_000, 20, 20  # for a start, whose modules and model never become garbage


class Request:
    """One request, with the members that Transformer reads."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers

    def get_request_properties(self) -> dict[str, str]:
        return self._headers


class Context:
    """The context of a request: Transformer reads from it and writes the response into it."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.system_properties = {"model_dir": environment.model_dir}
        self.request_processor = [Request(headers)]
        self.status = 200
        self.content_type = "application/json"

    def set_response_content_type(self, _: int, value: str) -> None:
        self.content_type = value

    def set_response_status(self, code: int = 200, phrase: str = "", idx: int = 0) -> None:
        self.status = code


class Server:
    """Serves /ping, /execution-parameters and /invocations."""

    def __init__(self) -> None:
        sys.path.insert(0, os.path.join(environment.model_dir, "code"))
        handler = default_handler()
        self._transformer = Transformer(handler)
        self._transformer.validate_and_initialize(
            model_dir=environment.model_dir, context=Context({})
        )
        single = getattr(handler, "behind_flask", False) and not SEVERAL
        script = sys.modules.get(environment.Environment().module_name)
        parameters = getattr(script, getattr(handler, "parameters_function", ""), None)
        self._worker = Worker(self._transformer, parameters) if single else None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        path = scope["path"]
        if path == "/ping":
            await _answer(send, 200, "text/plain", b"")
        elif path == "/execution-parameters" and self._worker:
            await _answer(send, *await asyncio.to_thread(self._worker.parameters))
        elif path == "/invocations":
            headers = _wanted(scope["headers"])
            body = await _read(receive)
            # In a thread, so that a long prediction does not block /ping.
            await _answer(send, *await asyncio.to_thread(self.invoke, body, headers))
        else:
            await _answer(send, 404, "text/plain", b"")

    def invoke(self, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        if self._worker:
            return self._worker.invoke(body, headers)
        context = Context(headers)
        result = self._transformer.transform([{"body": body}], context)[0]
        data = result.encode() if isinstance(result, str) else bytes(result)
        return context.status, context.content_type, data


def _wanted(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    names = {b"content-type": "Content-Type", b"accept": "Accept"}
    return {names[name]: value.decode() for name, value in raw if name in names}


async def _read(receive: Any) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _answer(send: Send, status: int, content_type: str, body: bytes) -> None:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def started() -> Server:
    """Load the model, and exclude all that a start has made from later collections of garbage."""
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    server = Server()
    gc.freeze()
    gc.set_threshold(*usual)
    return server


if __name__ == "__main__":
    uvicorn.run(
        started(),
        host="127.0.0.1",
        port=int(os.environ["SAGEMAKER_BIND_TO_PORT"]),
        log_level="warning",
        access_log=False,
        lifespan="off",
    )
