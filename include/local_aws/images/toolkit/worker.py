"""Answer requests for a single model as AWS's images of scikit-learn and XGBoost do.

These images serve one model by the Flask application of `sagemaker-containers`, and several by
AWS's Transformer. Flask calls text of a script HTML unless the script names a media type, takes a
callable for a WSGI application, and hides an error, whose traceback is in the log.
"""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable
from typing import Any

from container_codecs import ANY, JSON, UTF8_TYPES
from sagemaker_inference.transformer import Transformer

HTML = "text/html; charset=utf-8"
ENVIRONMENT = {"REQUEST_METHOD": "POST", "PATH_INFO": "/invocations"}  # of a WSGI environment
ERROR = b"""<!doctype html>
<html lang=en>
<title>500 Internal Server Error</title>
<h1>Internal Server Error</h1>
<p>The server encountered an internal error and was unable to complete your request. Either the \
server is overloaded or there is an error in the application.</p>
"""
Answer = tuple[int, str, bytes]
Function = Callable[[], Any]


class Worker:
    """Answers requests by the functions that *transformer* has of the script and the image.

    :param parameters: The script's function for what batch transform asks, if it has one.
    """

    def __init__(self, transformer: Transformer, parameters: Function | None = None) -> None:
        self._transformer = transformer
        self._parameters = parameters
        self._accept = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", JSON)

    def invoke(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Return status, content type and body."""
        kind = headers.get("Content-Type") or JSON
        accept = headers.get("Accept") or ANY
        content = body.decode(errors="replace") if kind in UTF8_TYPES else body
        return _answered(
            lambda: self._transformer._run_handler_function(
                self._transformer._transform_fn,
                *(self._transformer._model, content, kind),
                self._accept if accept == ANY else accept,
            )
        )

    def parameters(self) -> Answer:
        """Return what the script wants of batch transform, or 404 if it does not say."""
        return _answered(self._parameters) if self._parameters else (404, HTML, b"")


def _answered(function: Function) -> Answer:
    try:
        return _answer(function())
    except Exception:  # noqa: BLE001  (Flask answers any error alike)
        traceback.print_exc()
        return 500, HTML, ERROR


def _answer(result: Any) -> Answer:
    """Return a result of a script as Flask and the library's Response answer it.

    :raises TypeError: Flask takes no such result.
    """
    if isinstance(result, tuple):
        data, kind = result[:2]
        return 200, _with_charset(kind), _bytes(data)
    if isinstance(result, str | bytes | bytearray):
        return 200, HTML, _bytes(result)
    if isinstance(result, dict | list):
        return 200, JSON, f"{json.dumps(result, separators=(',', ':'))}\n".encode()
    if callable(result):
        return _application(result)
    raise TypeError(
        f"The script returned a {type(result).__name__}. Return text, bytes, a dictionary, or one "
        "of them with its media type."
    )


def _with_charset(mimetype: str) -> str:
    """Return the content type of a media type: text has its encoding, as Flask writes it."""
    text = mimetype.startswith("text/") and "charset" not in mimetype
    return f"{mimetype}; charset=utf-8" if text else mimetype


def _bytes(data: Any) -> bytes:
    return data.encode() if isinstance(data, str) else bytes(data)


def _application(application: Callable[..., Any]) -> Answer:
    """Return the response of a WSGI application."""
    answered = {"status": "500", "kind": HTML}

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        kinds = {name.lower(): value for name, value in headers}
        answered.update(status=status, kind=kinds.get("content-type", HTML))

    body = b"".join(application(ENVIRONMENT, start))
    return int(answered["status"].partition(" ")[0]), answered["kind"], body
