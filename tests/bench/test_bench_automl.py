"""The committed figures: an AutoML job's best candidate is as good as a pipeline's own best."""

from __future__ import annotations

import json

import pytest

from tests.root import ROOT

RESULT = json.loads((ROOT / "bench" / "results" / "automl.json").read_text())
AS_GOOD = -0.01


@pytest.mark.parametrize("name", RESULT["data_sets"])
def test_the_best_candidate_is_within_a_hundredth_of_the_pipelines_best(name: str) -> None:
    data_set = RESULT["data_sets"][name]
    assert data_set["difference"] >= AS_GOOD
    assert {run["seed"] for run in data_set["runs"]} == {1, 2, 3}


def test_three_data_sets_are_compared() -> None:
    assert len(RESULT["data_sets"]) == 3
