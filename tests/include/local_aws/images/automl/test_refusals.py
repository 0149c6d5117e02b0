"""Refused requests, as the WSGI server of the image calls them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from tests.include.local_aws.images.modules import Load


def test_a_refusal_starts_with_its_status_and_answers_its_reason(load: Load) -> None:
    started: list[Any] = []
    answer = load("refusals").refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, ValueError("Send Zoë."))
    body = answer({"REQUEST_METHOD": "POST"}, lambda *arguments: started.append(arguments))
    assert body == ["Send Zoë.".encode()]
    assert started == [("415 Unsupported Media Type", [("Content-Type", "text/plain")])]
