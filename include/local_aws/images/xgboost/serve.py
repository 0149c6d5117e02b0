"""The built-in algorithm's model server, on port SAGEMAKER_BIND_TO_PORT."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from typing import Any

import lean  # noqa: F401
import numpy as np
import selection
import uvicorn
import xgboost as xgb
from errors import UserError
from model_files import Models
from paths import MODEL
from payloads import matrix
from selection import CSV, JSON

Send = Callable[[dict[str, Any]], Awaitable[None]]
Answer = tuple[int, str, bytes]
ACCEPTED = tuple(selection.ENCODERS)
DEFAULT_ACCEPT = "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT"
MAX_PAYLOAD = int(os.environ.get("MAX_CONTENT_LENGTH", "6291456"))


class Server:
    """Serves /ping, /execution-parameters and /invocations as the container does."""

    def __init__(self) -> None:
        self._models = Models(MODEL)
        self._batch = bool(os.environ.get("SAGEMAKER_BATCH"))
        self._selection = os.environ.get(selection.VARIABLE)
        self._several = bool(os.environ.get("SAGEMAKER_MULTI_MODEL"))

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Send) -> None:
        path = scope["path"]
        if path == "/ping":
            await _send(send, (200, "text/plain", b""))
        elif path == "/execution-parameters":
            await _send(send, _parameters())
        elif path == "/invocations":
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            body = await _read(receive)
            # In a thread, so that a long prediction does not block /ping.
            await _send(send, await asyncio.to_thread(self.invoke, body, headers))
        else:
            await _send(send, (404, "text/plain", b""))

    def invoke(self, body: bytes, headers: dict[str, str]) -> Answer:
        if not body:
            return 204, "text/plain", b""
        try:
            rows, kind = matrix(body, headers.get("content-type", "text/csv"))
        except UserError as error:
            return _refusal(415, error)
        try:
            answers = self._models.predict(rows, kind, votes=not self._several)
        except (ValueError, xgb.core.XGBoostError) as error:
            return _refusal(400, f"Unable to evaluate payload provided: {error}")
        if self._several:
            return _of_several(answers, headers.get("accept", ""))
        accept = _accepted(headers.get("accept", ""))
        if accept not in ACCEPTED:
            return _refusal(
                406,
                f"Accept type {accept} is not supported. Please use supported accept types: "
                f"{[*ACCEPTED]}.",
            )
        return self._selected(answers, accept) if self._selection else self._plain(answers, accept)

    def _selected(self, answers: np.ndarray, accept: str) -> Answer:
        keys = selection.selected_keys(self._selection or "")
        try:
            predictions = selection.selected(
                answers, keys, self._models.objective, self._models.classes
            )
            encoded = selection.ENCODERS[accept](predictions, keys)
        except ValueError as error:
            return _refusal(500, error)
        end = b"\n" if self._batch and accept == CSV else b""
        return 200, _typed(accept), encoded + end

    def _plain(self, answers: np.ndarray, accept: str) -> Answer:
        rows = answers.tolist()
        if self._batch:
            text = "".join(f"{row}\n" for row in rows)
        elif accept == JSON:
            text = json.dumps({"predictions": [{"score": row} for row in rows]})
        elif accept == CSV:
            cells = (row if isinstance(row, list) else [row] for row in rows)
            text = "".join(f"{','.join(map(str, row))}\n" for row in cells)
        else:
            return _refusal(
                500,
                f"The container fails to encode {accept} unless {selection.VARIABLE} is set. "
                f"Set it on the model, or accept {JSON}.",
            )
        return 200, _typed(accept), text.encode()


def _accepted(header: str) -> str:
    wanted = header.partition(";")[0].strip().lower()
    if wanted in ("", "*/*"):
        return os.environ.get(DEFAULT_ACCEPT, CSV)
    return wanted


def _of_several(answers: np.ndarray, header: str) -> Answer:
    """Answer as AWS's server of several models: JSON by default, and all rows of CSV in a line.

    Source: `algorithm_mode/handler_service.py` of github.com/aws/sagemaker-xgboost-container.
    """
    accept = os.environ.get(DEFAULT_ACCEPT, JSON) if header in ("", "*/*") else header
    rows = answers.tolist()
    texts = {JSON: json.dumps(rows), CSV: ",".join(map(str, rows))}
    text = texts.get(accept.lower())
    if text is None:
        return _refusal(
            415,
            f"Encoding to accept type {accept} failed with exception: {accept} is not an accepted "
            f"Accept type. Please choose one of the following: {[CSV, JSON]}.",
        )
    return 200, accept, text.encode()


def _typed(accept: str) -> str:
    return f"{accept}; charset=utf-8" if accept.startswith("text/") else accept


def _refusal(status: int, reason: Exception | str) -> Answer:
    return status, "text/plain", str(reason).encode()


def _parameters() -> Answer:
    document = {
        "MaxConcurrentTransforms": os.cpu_count(),
        "BatchStrategy": "MULTI_RECORD",
        "MaxPayloadInMB": MAX_PAYLOAD >> 20,
    }
    return 200, "application/json", json.dumps(document).encode()


async def _read(receive: Any) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _send(send: Send, answer: Answer) -> None:
    status, content_type, body = answer
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(
        Server(),
        host="127.0.0.1",
        port=int(os.environ["SAGEMAKER_BIND_TO_PORT"]),
        log_level="warning",
        access_log=False,
        lifespan="off",
    )
