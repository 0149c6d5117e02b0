"""The wiring from raw rows to a registered model."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.sdk import XComArg
from airflow.sdk.exceptions import AirflowFailException

from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE
from include.pipelines.stages.shared import SOME
from include.pipelines.stages.training import check_budget, plan_candidates, plan_tuning
from tests.include.pipelines.params.forms import defaults
from tests.include.pipelines.stages.conftest import Wired

WINDOW: Any = {"start": "2024-01-01", "end": "2024-02-05", "artifacts": "s3://b/run"}
DATA: Any = {"train": "s3://b/train", "validation": "s3://b/validation"}
FORM = defaults(params.retrain(PIPELINE))
TUNING = defaults(params.tune(PIPELINE))


def test_no_job_is_paid_for_before_its_cost_is_bounded(wired: Wired) -> None:
    tasks = wired(stages.prepare, PIPELINE)
    assert tasks["preprocess"].upstream_task_ids == {"check_budget", "resolve_window"}


def test_a_run_above_its_limit_is_refused_with_both_numbers() -> None:
    bound = check_budget.function("churn", params=FORM)
    assert 0 < bound["usd_at_most"] <= FORM["max_cost"]
    with pytest.raises(AirflowFailException, match="max_cost"):
        check_budget.function("churn", params=FORM | {"max_cost": 0.0})


def test_every_candidate_is_a_trial_and_one_may_fail(wired: Wired) -> None:
    tasks = wired(lambda: stages.compete(PIPELINE, *stages.prepare(PIPELINE)))
    assert "plan_candidates" in tasks["train"].upstream_task_ids
    assert tasks["select_best"].trigger_rule.value == SOME


def test_a_search_hands_its_best_job_to_the_selection(wired: Wired) -> None:
    tasks = wired(lambda: stages.tune(PIPELINE, *stages.prepare(PIPELINE)))
    sources = {
        source.task_id for source, _ in XComArg.iter_xcom_references(tasks["select_best"].trials)
    }
    assert sources == {"tune"}
    assert tasks["tune"].warm_start_from is not None


def _candidates(**changes: dict[str, Any]) -> dict[str, Any]:
    return FORM | {"candidates": {**FORM["candidates"], **changes}}


def test_an_untouched_form_trains_the_candidates_that_the_pipeline_states() -> None:
    trials = plan_candidates.function("churn", WINDOW, DATA, params=FORM)
    stated = [(c.name, dict(c.hyperparameters)) for c in PIPELINE.candidates]
    assert [(t["name"], t["config"]["HyperParameters"]) for t in trials] == stated


def test_a_run_may_train_fewer_candidates_with_other_hyperparameters() -> None:
    form = FORM | {"candidates": {"xgboost-deep": {"max_depth": 9, "eta": 0.2}}}
    (trial,) = plan_candidates.function("churn", WINDOW, DATA, params=form)
    assert trial["config"]["HyperParameters"] == {"max_depth": 9, "eta": 0.2}
    cheaper = check_budget.function("churn", params=form)
    assert cheaper["jobs"] == check_budget.function("churn", params=FORM)["jobs"] - 3


def test_a_candidate_that_cannot_be_trained_ends_the_run_at_its_budget() -> None:
    with pytest.raises(AirflowFailException, match=r"Unknown candidate 'lightgbm'.*Available: xgb"):
        check_budget.function("churn", params=_candidates(lightgbm={}))


def test_a_search_begins_with_the_hyperparameters_of_the_form() -> None:
    form = TUNING | {"candidates": {"xgboost-deep": {"num_round": 30}}, "warm_start": False}
    run: Any = {"params": form, "dag_run": None, "dag": None}
    plan = plan_tuning.function("churn", WINDOW, DATA, **run)
    static = plan["config"]["TrainingJobDefinition"]["StaticHyperParameters"]
    assert static == {"num_round": 30}
