"""A page's document has the browser send the requests that its script will make."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prodml.ui import first, models

NAME = "a-model"
PLACES = {
    "endpoints": [{"name": NAME}, {"name": "b-model"}],
    f"endpoints/{NAME}": {"components": [], "variants": [{"name": "blue"}, {"name": "green"}]},
    "endpoints/b-model": {"components": [{"name": "c"}], "variants": [{"name": "AllTraffic"}]},
    "experiments": [{"name": NAME}],
    "drift?most=1": [{"pipeline": NAME, "endpoint": "b-model"}],
}


@pytest.fixture(name="pages")
def _known(pages: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The pages of a process that has responded to some requests."""
    known: dict[str, Any] = {
        first.Asked(place, models.all_models, {}).address: document
        for place, document in PLACES.items()
    }
    monkeypatch.setattr(first, "last_document", known.get)
    return pages


def preloads(pages: TestClient, page: str) -> list[str]:
    document = pages.get(f"/studio/{page}").text
    links = re.findall(r'<link rel="preload" href="\.\./api/([^"]+)" as="fetch"', document)
    return [unescape(link) for link in links]


@pytest.mark.parametrize(
    ("page", "places"),
    [
        ("models", ["models"]),
        ("jobs?days=30", ["jobs?days=30"]),
        ("costs?days=many", ["costs?days=30"]),
        ("task?dag=retrain", []),
        ("experiments?experiment=gone", ["experiments", f"experiments/{NAME}/trials?most=100"]),
        ("drift", ["drift?most=1", f"drift/{NAME}/b-model?most=24"]),
        ("drift?endpoint=c/d", ["drift/c/d?most=24"]),
    ],
)
def test_a_page_begins_with_its_requests(pages: TestClient, page: str, places: list[str]) -> None:
    assert preloads(pages, page) == places


def test_an_endpoint_begins_with_the_metrics_of_what_serves_it(pages: TestClient) -> None:
    metrics = f"endpoints/{NAME}/metrics?hours=3&variant=blue&variant=green"
    assert preloads(pages, "endpoints") == ["endpoints", f"endpoints/{NAME}", metrics]
    metrics = "endpoints/b-model/components/metrics?hours=24&component=c"
    asked = preloads(pages, "endpoints?endpoint=b-model&hours=24")
    assert asked == ["endpoints", "endpoints/b-model", metrics]


def test_a_process_that_has_read_nothing_begins_with_what_the_address_names(
    pages: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first, "last_document", lambda address: None)
    assert preloads(pages, "endpoints") == ["endpoints"]
    asked = preloads(pages, 'endpoints?endpoint="><script>')
    assert asked == ["endpoints", "endpoints/%22%3E%3Cscript%3E"]
