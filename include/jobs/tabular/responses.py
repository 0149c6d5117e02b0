"""Answer a request with a status of its own, from a handler of the scikit-learn image.

AWS's image answers every exception of a handler with 500, and hands what a handler returns to
Flask, which takes a WSGI application as a response. So a refusal is one, without importing Flask.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

Headers = list[tuple[str, str]]


class Refusal:
    """A response with the status of an error and a sentence."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        self.status = status
        self.sentence = sentence

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[[str, Headers], Any]
    ) -> list[bytes]:
        body = f"{self.sentence}\n".encode()
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
        ]
        start_response(f"{self.status.value} {self.status.phrase}", headers)
        return [body]
