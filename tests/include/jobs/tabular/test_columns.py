"""A selection of columns is named by ranges, and is all that passes of a record."""

from __future__ import annotations

import pytest

from include.jobs.tabular.columns import COLUMNS, model_fn, places_of, ranges, transform_fn


@pytest.mark.parametrize(
    ("places", "text"),
    [([0, 1, 2, 5], "0-2,5"), ([4], "4"), ([1, 0, 2], "1,0,2"), ([3, 4], "3-4")],
    ids=["gap", "one", "order", "two"],
)
def test_places_are_named_by_ranges(places: list[int], text: str) -> None:
    assert ranges(places) == text
    assert places_of(text) == places


def test_quoted_values_pass_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(COLUMNS, "2,0")
    body = b'1,x,"gold, old"\n2,y,\n'
    passed = transform_fn(model_fn(""), body, "text/csv", "*/*")
    assert passed == ('"gold, old",1\n,2\n', "text/csv")
