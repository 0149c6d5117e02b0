"""Answer requests of the Endpoints page."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

PLACE = "/api/endpoints/nowhere"


@pytest.mark.parametrize(
    "query",
    ["metrics", "metrics?variant=a&hours=0", "metrics?variant=a&hours=1441", "requests?most=101"],
)
def test_a_query_beyond_its_limits_is_refused(pages: TestClient, query: str) -> None:
    assert pages.get(f"{PLACE}/{query}").status_code == 422


def test_an_endpoint_that_captures_and_tests_nothing_has_neither(pages: TestClient) -> None:
    assert pages.get(f"{PLACE}/requests").json() == {"captured": None}
    assert pages.get(f"{PLACE}/test").json() == {"test": None}
