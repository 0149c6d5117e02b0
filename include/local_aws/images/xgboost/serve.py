"""The built-in algorithm's model server, on port SAGEMAKER_BIND_TO_PORT."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import recordio
import uvicorn
import xgboost as xgb
from data import CSV, LIBSVM, RECORDIO, csv_table, libsvm
from errors import UserError
from paths import MODEL, NAME

Send = Callable[[dict[str, Any]], Awaitable[None]]
Answer = tuple[int, str, bytes]
TEXT = "text/csv; charset=utf-8"
MAX_PAYLOAD = int(os.environ.get("MAX_CONTENT_LENGTH", "6291456"))


class Server:
    """Serves /ping, /execution-parameters and /invocations as the container does."""

    def __init__(self) -> None:
        self._boosters = [_loaded(path) for path in sorted(MODEL.glob(f"{NAME}*"))]
        if not self._boosters:
            raise FileNotFoundError(f"model.tar.gz has no {NAME}")
        self._batch = os.environ.get("SAGEMAKER_BATCH") == "true"

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
        kind = headers.get("content-type", "text/csv").partition(";")[0].strip().lower()
        accept = headers.get("accept", "*/*").partition(";")[0].strip().lower()
        try:
            scores = self._scores(body, kind)
        except UserError as error:
            return 415, "text/plain", str(error).encode()
        except (ValueError, xgb.core.XGBoostError) as error:
            return 400, "text/plain", f"Unable to evaluate payload provided: {error}".encode()
        return self._encoded(scores, accept)

    def _scores(self, body: bytes, kind: str) -> np.ndarray:
        if kind in CSV:
            return self._voted(csv_table(body))
        if kind in RECORDIO:
            return self._voted(recordio.table(body)[:, 1:])
        if kind in LIBSVM:
            return self._voted(libsvm(body))
        accepted = ", ".join(sorted(CSV | LIBSVM | RECORDIO))
        raise UserError(f"{kind} is not an accepted ContentType: {accepted}.")

    def _voted(self, rows: np.ndarray | xgb.DMatrix) -> np.ndarray:
        """Return the mean over cross validation's models; for classes, the most frequent."""
        answers = np.array([_predicted(booster, rows) for booster in self._boosters])
        if len(answers) == 1:
            return answers[0]
        return _most_frequent(answers) if _votes(self._boosters[0]) else answers.mean(axis=0)

    def _encoded(self, scores: np.ndarray, accept: str) -> Answer:
        rows = scores.tolist()
        if self._batch or accept in ("text/csv", "*/*", ""):
            lines = (",".join(map(str, r)) if isinstance(r, list) else str(r) for r in rows)
            return 200, TEXT, "".join(f"{line}\n" for line in lines).encode()
        if accept == "application/json":
            document = {"predictions": [{"score": row} for row in rows]}
            return 200, accept, json.dumps(document).encode()
        message = f"Accept type {accept} is not supported. Please use text/csv or application/json."
        return 406, "text/plain", message.encode()


def _loaded(path: Path) -> xgb.Booster:
    booster = xgb.Booster()
    booster.load_model(path)
    booster.set_param({"nthread": 1})
    return booster


def _predicted(booster: xgb.Booster, rows: np.ndarray | xgb.DMatrix) -> np.ndarray:
    if isinstance(rows, xgb.DMatrix):
        return booster.predict(rows, validate_features=False)
    return booster.inplace_predict(rows, validate_features=False)


def _votes(booster: xgb.Booster) -> bool:
    learner = json.loads(booster.save_config())["learner"]
    return learner["objective"]["name"] in ("multi:softmax", "binary:hinge")


def _most_frequent(answers: np.ndarray) -> np.ndarray:
    """Return the most frequent class of each row; of equally frequent ones, the lowest."""
    classes = np.unique(answers)
    counts = np.array([(answers == label).sum(axis=0) for label in classes])
    return classes[counts.argmax(axis=0)]


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
