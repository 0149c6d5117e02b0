"""A refusal is a response that Flask sends as it is."""

from __future__ import annotations

from http import HTTPStatus

from include.jobs.tabular.responses import Refusal


def test_a_refusal_is_a_wsgi_application() -> None:
    started: list[object] = []
    refusal = Refusal(HTTPStatus.BAD_REQUEST, "No.")
    body = refusal({}, lambda status, headers: started.append((status, dict(headers))))
    kind = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": "4"}
    assert (body, started) == ([b"No.\n"], [("400 Bad Request", kind)])


def test_the_length_counts_bytes() -> None:
    sent: dict[str, str] = {}
    refusal = Refusal(HTTPStatus.NOT_ACCEPTABLE, "Genève?")
    (body,) = refusal({}, lambda status, headers: sent.update(headers, status=status))
    assert sent["status"] == "406 Not Acceptable"
    assert int(sent["Content-Length"]) == len(body) == 9
