"""The forms of retrain_* and tune_*."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines import params
from include.pipelines.churn import PIPELINE
from tests.include.pipelines.params.forms import defaults, refuses, takes

RETRAIN, TUNE = params.retrain(PIPELINE), params.tune(PIPELINE)


@pytest.mark.parametrize("form", [RETRAIN, TUNE], ids=["retrain", "tune"])
def test_the_defaults_are_accepted(form: dict[str, Any]) -> None:
    assert defaults(form)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_gain", -0.1),
        ("min_gain", "much"),
        ("confidence", 1),
        ("window_partitions", 1),
        ("window_partitions", 2.5),
        ("window_end", "Monday"),
        ("metric", "validation:beauty"),
        ("max_instances", 0),
        ("target_invocations", 0),
        ("approval_hours", 0),
        ("statistic", "Median"),
        ("rollout", "by-hand"),
        ("rollout_step", 0),
        ("rollout_wait", 3601),
        ("max_error_percent", 0),
        ("max_cost", -1),
        ("candidates", {}),
        ("candidates", {"lightgbm": {}}),
        ("candidates", {"xgboost-deep": {"eta": [0.1]}}),
        ("candidates", ["xgboost-deep"]),
    ],
)
def test_the_retrain_form_refuses_what_cannot_work(name: str, value: Any) -> None:
    refuses(RETRAIN, name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("strategy", "Hyperband"),
        ("max_jobs", 0),
        ("max_parallel", 11),
        ("candidates", {"xgboost-shallow": {}}),
    ],
)
def test_the_tuning_form_refuses_what_cannot_work(name: str, value: Any) -> None:
    refuses(TUNE, name, value)


def test_a_pipeline_states_the_defaults_of_its_form() -> None:
    form = defaults(RETRAIN)
    stated = (PIPELINE.metric, PIPELINE.direction, PIPELINE.min_gain)
    assert (form["metric"], form["direction"], form["min_gain"]) == stated
    assert form["rollout"] == PIPELINE.rollout.strategy.value


def test_a_tuning_run_asks_all_that_a_retrain_asks() -> None:
    assert RETRAIN.keys() < TUNE.keys()


def test_the_form_shows_each_candidate_and_takes_others_of_its_hyperparameters() -> None:
    shown = defaults(RETRAIN)["candidates"]
    assert list(shown) == [candidate.name for candidate in PIPELINE.candidates]
    takes(RETRAIN, "candidates", {"xgboost-deep": {"max_depth": 9, "booster": "dart"}})


def test_people_see_what_they_change_first_and_open_the_rest() -> None:
    open_at_first = [name for name, field in RETRAIN.items() if "section" not in field.schema]
    assert open_at_first == [
        *("window_end", "window_partitions", "candidates", "min_gain", "confidence"),
        *("auto_approve", "fresh"),
    ]
    assert next(iter(TUNE)) == "strategy"
