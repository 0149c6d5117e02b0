"""The candidates of one run, as a form has changed them."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines.churn import PIPELINE
from include.pipelines.training.candidates import CandidateError, chosen

STATED = {c.name: dict(c.hyperparameters) for c in PIPELINE.candidates}


def test_an_untouched_form_changes_nothing() -> None:
    assert chosen(PIPELINE.candidates, {"candidates": STATED}) == list(PIPELINE.candidates)


def test_what_is_left_out_is_not_trained_and_the_order_is_the_files() -> None:
    asked = {"random-forest": {"model": "random_forest"}, "xgboost-deep": {}}
    names = [c.name for c in chosen(PIPELINE.candidates, {"candidates": asked})]
    assert names == ["xgboost-deep", "random-forest"]


@pytest.mark.parametrize(("value", "same"), [(1, True), (1.0, True), (2, False), (True, False)])
def test_a_number_that_a_form_writes_otherwise_asks_for_the_same_job(
    value: Any, same: bool
) -> None:
    candidate = PIPELINE.candidates[0]
    stated = [type(candidate)("tree", "xgboost", {"subsample": 1.0})]
    (asked,) = chosen(stated, {"candidates": {"tree": {"subsample": value}}})
    assert (str(asked.hyperparameters["subsample"]) == "1.0") is same


@pytest.mark.parametrize(
    ("candidates", "complaint"),
    [
        ({}, "Give it one at least: xgboost-shallow, "),
        ({"lightgbm": {}}, "Unknown candidate 'lightgbm'.*Available: xgboost-shallow, "),
        ({"xgboost-deep": {"eta": [0.1]}}, r"'eta' of candidate 'xgboost-deep' is \[0.1\]"),
        ({"xgboost-deep": {"eta": float("nan")}}, "'eta' of candidate 'xgboost-deep' is nan"),
        ({"xgboost-deep": {"eta": "9" * 2501}}, "a text of at most 2500 characters"),
        ({"xgboost-deep": {f"p{n}": n for n in range(101)}}, "has 101 hyperparameters"),
    ],
    ids=["none", "unknown", "list", "nan", "long", "many"],
)
def test_what_cannot_be_trained_is_refused_with_a_sentence(
    candidates: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(CandidateError, match=complaint):
        chosen(PIPELINE.candidates, {"candidates": candidates})
