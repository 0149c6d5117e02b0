"""The tumours schema against the committed rows: every value that occurs can be encoded."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from include.jobs.tabular.encoding import Encoder
from include.jobs.tumours.schema import SCHEMA
from tests.root import ROOT

Row = dict[str, str]


@pytest.fixture(scope="module")
def tumours() -> list[Row]:
    rows: list[Row] = []
    for path in sorted((ROOT / "include" / "data" / "tumours").glob("*.csv")):
        with path.open(newline="") as file:
            rows += csv.DictReader(file)
    return rows


def test_it_names_every_committed_column_in_its_order(tumours: list[Row]) -> None:
    assert list(tumours[0]) == [SCHEMA.key, *SCHEMA.inputs, SCHEMA.label]


def test_a_tumour_has_the_mean_error_and_worst_value_of_each_measurement() -> None:
    measured = [name.partition("_") for name in SCHEMA.numbers]
    by_kind = {kind: [rest for k, _, rest in measured if k == kind] for kind, _, _ in measured}
    assert list(by_kind) == ["mean", "error", "worst"]
    assert by_kind["mean"] == by_kind["error"] == by_kind["worst"]


def test_every_committed_row_is_encoded_and_labelled(tumours: list[Row]) -> None:
    encoder = Encoder(SCHEMA, {})
    for row in tumours:
        assert encoder.line([row[name] for name in SCHEMA.inputs])
    labels = Counter(row["diagnosis"] for row in tumours)
    assert labels == {"benign": 357, "malignant": 212}
    assert labels.keys() == set(SCHEMA.vocabulary("diagnosis"))
    assert len({row[SCHEMA.key] for row in tumours}) == len(tumours)
