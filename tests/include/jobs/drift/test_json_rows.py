"""Rows of JSON documents: positions, names, columns, and the envelopes of servers."""

from __future__ import annotations

import json

import pytest

from include.jobs.drift.payloads import Payload, decode

AB = ["a", "b"]


def read(document: object, names: list[str] | None = None) -> list[dict[str, object]]:
    """Return the rows of one document, as columns of the check."""
    batches = decode("x.jsonl", [Payload(1, "JSON", json.dumps(document))], names)
    return [row for batch in batches for row in batch.to_pylist()]


FORMS = [
    ([1, 2], [{"a": 1, "b": 2}]),
    ([[1, 2], [3, 4]], [{"a": 1, "b": 2}, {"a": 3, "b": 4}]),
    ({"instances": [[1, 2], [3, 4]]}, [{"a": 1, "b": 2}, {"a": 3, "b": 4}]),
    ({"instances": [{"features": [1, 2]}]}, [{"a": 1, "b": 2}]),
    ({"inputs": [{"b": 2, "a": 1}]}, [{"b": 2, "a": 1}]),
    ({"features": [1, 2]}, [{"a": 1, "b": 2}]),
    ({"columns": ["b", "a"], "data": [[2, 1]]}, [{"b": 2, "a": 1}]),
    ({"dataframe_split": {"columns": ["b", "a"], "data": [[2, 1]]}}, [{"b": 2, "a": 1}]),
    ({"dataframe_records": [{"b": 2, "a": 1}]}, [{"b": 2, "a": 1}]),
    ({"inputs": {"a": [1], "b": [2]}}, [{"a": 1, "b": 2}]),
    ({"data": {"ndarray": [[1, 2]]}}, [{"a": 1, "b": 2}]),
    ({"outputs": [[1, 2]]}, [{"a": 1, "b": 2}]),
    ({"b": "x", "a": 1}, [{"b": "x", "a": 1}]),
]


@pytest.mark.parametrize(("document", "rows"), FORMS)
def test_the_forms_of_json(document: object, rows: list[dict[str, object]]) -> None:
    assert read(document, AB) == rows


COLUMNS = [
    ({"b": ["x", "y"], "a": [1, 2]}, [{"b": "x", "a": 1}, {"b": "y", "a": 2}]),
    ({"a": {"0": 1, "1": 2}, "b": {"0": 3, "1": 4}}, [{"a": 1, "b": 3}, {"a": 2, "b": 4}]),
    ({"scores": [[0.25, 0.75]]}, [{"scores_0": 0.25, "scores_1": 0.75}]),
    ({"label": "x", "scores": [0.25, 0.75]}, [{"label": "x", "scores_0": 0.25, "scores_1": 0.75}]),
    ({"a": [1], "b": [2, 3]}, [{"a_0": 1, "b_0": 2, "b_1": 3}]),
    ({"a": {"0": 1}, "b": {"1": 2}}, [{"a.0": 1, "b.1": 2}]),
]


@pytest.mark.parametrize(("document", "rows"), COLUMNS)
def test_columns_become_rows(document: object, rows: list[dict[str, object]]) -> None:
    assert read(document) == rows
