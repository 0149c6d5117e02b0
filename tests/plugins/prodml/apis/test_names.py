"""An endpoint's items are recognised by name and tag; of twins the oldest stays."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.apis.names import OWNER, api_name, every, of_endpoint, stage_name, the_oldest, url_of


class Listed:
    """Lists items in pages of one, as API Gateway does with `position`."""

    def __init__(self, *items: dict[str, Any]) -> None:
        self.items = list(items)

    def __call__(self, limit: int, position: str = "0") -> dict[str, Any]:
        assert limit <= 500
        end = int(position) + 1
        page = {"items": self.items[end - 1 : end]}
        return page | ({"position": str(end)} if end < len(self.items) else {})

    def create(self, **item: Any) -> dict[str, Any]:
        self.items.append(item)
        return item

    def remove(self, name: str) -> None:
        self.items = [item for item in self.items if item["id"] != name]


def item(name: str, created: int, endpoint: str = "churn") -> dict[str, Any]:
    tags = {OWNER: endpoint}
    return {"id": name, "createdDate": created, "name": api_name(endpoint), "tags": tags}


def test_all_pages_are_listed_and_an_empty_one_has_no_items() -> None:
    assert [one["id"] for one in every(Listed(item("a", 1), item("b", 2), item("c", 3)))] == [
        *"abc"
    ]
    assert list(every(Listed())) == []


def test_an_item_is_of_the_endpoint_of_its_name_and_its_tag() -> None:
    untagged = {"id": "u", "name": api_name("churn")}
    renamed = item("r", 1) | {"name": "mine"}
    listed = Listed(untagged, item("late", 9), renamed, item("w", 1, "wine"), item("early", 2))
    assert [one["id"] for one in of_endpoint(listed, "churn")] == ["early", "late"]


def test_an_item_is_created_only_if_there_is_none() -> None:
    listed = Listed(item("other", 1, "wine"))
    for _ in range(2):
        kept = the_oldest(listed, listed.create, listed.remove, "churn", **item("mine", 5))
        assert kept["id"] == "mine"
    assert len(listed.items) == 2


def test_of_two_that_were_created_at_once_the_own_younger_one_is_deleted() -> None:
    listed = Listed()

    def create(**request: Any) -> dict[str, Any]:
        listed.create(**item("twin", 1))
        return listed.create(**request)

    kept = the_oldest(listed, create, listed.remove, "churn", **item("mine", 2))
    assert (kept["id"], [one["id"] for one in listed.items]) == ("twin", ["twin"])


@pytest.mark.parametrize(
    ("deployment", "stage"),
    [("production", "production"), ("Team A/dev", "Team-A-dev"), ("", "default")],
)
def test_a_stage_has_the_name_of_the_deployment(deployment: str, stage: str) -> None:
    assert stage_name(deployment) == stage


@pytest.mark.parametrize(
    ("endpoint_url", "url"),
    [
        (
            "https://apigateway.eu-west-1.amazonaws.com",
            "https://abc.execute-api.eu-west-1.amazonaws.com/live/predictions",
        ),
        (
            "http://127.0.0.1:4566/",
            "http://127.0.0.1:4566/_aws/execute-api/abc/live/predictions",
        ),
    ],
)
def test_the_url_follows_the_endpoint_of_the_client(endpoint_url: str, url: str) -> None:
    assert url_of(endpoint_url, "eu-west-1", "abc", "live") == url
