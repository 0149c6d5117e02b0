"""The wiring from raw rows to a registered model."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import XComArg
from airflow.sdk.exceptions import AirflowFailException

from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE
from include.pipelines.deployment import pins
from include.pipelines.evaluation import promotion
from include.pipelines.stages.shared import SOME
from include.pipelines.stages.training import bound_cost, judge_best, plan_candidates
from tests.include.pipelines.params.forms import defaults
from tests.include.pipelines.stages.conftest import Wired

BEST: Any = {}
WINDOW: Any = {"start": "2024-01-01", "end": "2024-02-05", "rows": 2500, "prefix": "s3://b/run"}
DATA: Any = {"train": "s3://b/train", "validation": "s3://b/validation"}
FORM = defaults(params.retrain(PIPELINE))


def test_no_job_is_paid_for_before_its_cost_is_bounded(wired: Wired) -> None:
    tasks = wired(stages.prepare, PIPELINE)
    assert tasks["upload"].upstream_task_ids == {"bound_cost", "resolve_window"}
    assert "upload" in tasks["preprocess"].upstream_task_ids


def test_a_run_above_its_limit_is_refused_with_both_numbers() -> None:
    bound = bound_cost.function("churn", params=FORM)
    assert 0 < bound["usd_at_most"] <= FORM["max_cost"]
    with pytest.raises(AirflowFailException, match="max_cost"):
        bound_cost.function("churn", params=FORM | {"max_cost": 0.0})


def test_every_candidate_is_a_trial_and_one_may_fail(wired: Wired) -> None:
    tasks = wired(lambda: stages.compete(PIPELINE, *stages.prepare(PIPELINE)))
    assert "plan_candidates" in tasks["train"].upstream_task_ids
    trials = plan_candidates.function("churn", WINDOW, DATA)
    assert [trial["name"] for trial in trials] == [c.name for c in PIPELINE.candidates]
    assert tasks["select_best"].trigger_rule.value == SOME


def test_a_search_hands_its_best_job_to_the_selection(wired: Wired) -> None:
    tasks = wired(lambda: stages.tune(PIPELINE, *stages.prepare(PIPELINE)))
    sources = {
        source.task_id for source, _ in XComArg.iter_xcom_references(tasks["select_best"].trials)
    }
    assert sources == {"tune"}
    assert tasks["tune"].warm_start_from is not None


def test_the_form_decides_how_the_verdict_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def judge(*arguments: Any, **how: Any) -> dict[str, Any]:
        asked.update(how)
        rows = {"training_rows": "2000", "holdout_rows": "500"}
        return {"decision": "Accepted.", "scorecards": "| score |", "metadata": rows}

    monkeypatch.setattr(promotion, "judge", judge)
    monkeypatch.setattr(pins, "pinned", lambda pipeline: 3)
    run: Any = {"dag": SimpleNamespace(dag_id="d"), "dag_run": SimpleNamespace(run_id="r")}
    form = FORM | {"min_gain": 0.2, "allow_older": True}
    verdict = judge_best.function(
        "churn", BEST, [], WINDOW, DATA, "leaderboard", params=form, **run
    )
    for fact in ("| score |", "2,000 rows", "/d/r/leaderboard/-1", "Version 3 is pinned"):
        assert fact in verdict["scorecards"]
    assert asked == {"min_gain": 0.2, "allow_older": True}
