"""Answer with the time of the data, or with the problem of an AWS that fails."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from fastapi.testclient import TestClient
from prodml.ui.answers import rendered

from include.local_aws.testing import Server


def test_an_answer_has_the_time_of_the_oldest_response_in_it(pages: TestClient) -> None:
    first, second = (pages.get("/api/endpoints").headers["Last-Modified"] for _ in range(2))
    assert first == second
    assert datetime.now(UTC) - parsedate_to_datetime(first) < timedelta(minutes=1)


def test_half_of_a_surrogate_pair_does_not_fail_an_answer() -> None:
    answer = rendered(lambda _: {"text": "half: \ud83d"})
    assert gzip.decompress(bytes(answer.body)) == b'{"text":"half: ?"}'


def test_a_failure_of_aws_is_a_problem_with_a_remedy(pages: TestClient, server: Server) -> None:
    denied: dict[str, Any] = {
        "operation": "Search",
        "error": "AccessDeniedException",
        "status": 400,
    }
    with server.faults(denied):
        answer = pages.get("/api/experiments/denied/trials")
    assert answer.status_code == 502
    assert "AccessDenied" in answer.json()["error"]
    assert answer.json()["remedy"]
