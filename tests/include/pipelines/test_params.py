from __future__ import annotations

from typing import Any

import pytest
from airflow.sdk.definitions.param import ParamsDict

from include.pipelines import params
from include.pipelines.churn import PIPELINE

FORMS: dict[str, dict[str, Any]] = {
    "retrain": params.retrain(PIPELINE),
    "tune": params.tune(PIPELINE),
    "deploy": params.deploy(["churn"]),
    "load_test": params.load_test(["churn"]),
    "promote": params.promote(["churn"]),
    "score": params.SCORE,
    "check": params.CHECK,
    "tear_down": params.TEAR_DOWN,
    "tear_down_one": params.TEAR_DOWN_ONE,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_the_defaults_are_accepted(form: dict[str, Any]) -> None:
    assert ParamsDict(form).validate()


REFUSED = [
    ("retrain", "min_gain", -0.1),
    ("retrain", "min_gain", "much"),
    ("retrain", "window_slices", 1),
    ("retrain", "window_slices", 2.5),
    ("retrain", "window_end", "Monday"),
    ("retrain", "metric", "validation:beauty"),
    ("retrain", "max_instances", 0),
    ("retrain", "target_invocations", 0),
    ("retrain", "approval_hours", 0),
    ("retrain", "statistic", "Median"),
    ("tune", "strategy", "Hyperband"),
    ("tune", "max_jobs", 0),
    ("tune", "max_parallel", 11),
    ("retrain", "rollout", "by-hand"),
    ("retrain", "rollout_step", 0),
    ("retrain", "rollout_wait", 3601),
    ("retrain", "max_error_percent", 0),
    ("promote", "metric", "beauty"),
    ("promote", "hours", -1),
    ("promote", "confidence", 0.3),
    ("promote", "confidence", 1),
    ("load_test", "rates", [0]),
    ("load_test", "share", 1.5),
    ("deploy", "version", 0),
    ("deploy", "pipeline", "nobody"),
    ("score", "slice", "2024-13-01"),
    ("check", "alerts_of_windows", "3 of 2"),
    ("check", "alerts_of_windows", "some"),
    ("check", "window_start", "yesterday"),
    ("tear_down", "confirm", "yes"),
    ("tear_down_one", "confirm", "yes"),
]


@pytest.mark.parametrize(("form", "name", "value"), REFUSED)
def test_the_form_refuses_what_cannot_work(form: str, name: str, value: Any) -> None:
    filled = ParamsDict(FORMS[form])
    with pytest.raises(ValueError, match=name):
        filled[name] = value
