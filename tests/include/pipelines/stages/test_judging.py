"""Compare the best trial with the model in production, register it, and gate it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE
from include.pipelines.deployment import pins
from include.pipelines.evaluation import promotion
from include.pipelines.stages.judging import judge_best
from tests.include.pipelines.params.forms import defaults
from tests.include.pipelines.stages.conftest import Wired

FORM = defaults(params.retrain(PIPELINE))
BEST: Any = {}
WINDOW: Any = {"start": "2024-01-01", "end": "2024-02-05", "prefix": "s3://b/run"}
DATA: Any = {}
EVALUATION: Any = {}


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
        "churn", BEST, [], EVALUATION, WINDOW, DATA, "leaderboard", params=form, **run
    )
    for fact in ("| score |", "2,000 rows", "/d/r/leaderboard/-1", "Version 3 is pinned"):
        assert fact in verdict["scorecards"]
    assert asked == {"min_gain": 0.2, "allow_older": True}


def test_the_job_of_the_run_is_evaluated_and_registered(wired: Wired) -> None:
    def judged() -> None:
        window, prepared = stages.prepare(PIPELINE)
        selection = stages.compete(PIPELINE, window, prepared)
        stages.register(PIPELINE, stages.judge(PIPELINE, window, prepared, selection))

    tasks = wired(judged)
    assert tasks["register"].model_quality.operator is tasks["evaluate"]
