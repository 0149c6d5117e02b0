from __future__ import annotations

import pytest

from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.search.order import order
from include.local_aws.sagemaker.search.resources import searched
from include.local_aws.wire.errors import AwsError

SHAPE = searched("TrainingJob").shape
DOCS: list[Doc] = [
    {"CreationTime": 2.0},
    {},
    {"CreationTime": 1.0, "Tags": [{"Key": "n", "Value": "10"}]},
]


@pytest.mark.parametrize(("direction", "times"), [("Ascending", [1, 2]), ("Descending", [2, 1])])
def test_documents_without_the_property_are_last(direction: str, times: list[float]) -> None:
    by = order(SHAPE, {"SortBy": "CreationTime", "SortOrder": direction})
    assert [doc.get("CreationTime") for doc in by.sorted(DOCS)] == [*times, None]


@pytest.mark.parametrize(
    ("name", "time"),
    [("creationTime", "CreationTime"), ("TrainingJobName", ""), ("Tags.n", "")],
)
def test_a_time_of_the_document_is_named(name: str, time: str) -> None:
    assert order(SHAPE, {"SortBy": name, "SortOrder": "Ascending"}).time == time


def test_numbers_in_text_are_sorted_before_words() -> None:
    docs: list[Doc] = [{"Tags": [{"Key": "n", "Value": value}]} for value in ("a", "10", "9")]
    by = order(SHAPE, {"SortBy": "Tags.n", "SortOrder": "Ascending"})
    assert [doc["Tags"][0]["Value"] for doc in by.sorted(docs)] == ["9", "10", "a"]


def test_a_structure_sorts_nothing() -> None:
    with pytest.raises(AwsError, match="cannot be sorted by StoppingCondition"):
        order(SHAPE, {"SortBy": "StoppingCondition", "SortOrder": "Ascending"})
