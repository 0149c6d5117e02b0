"""A model of several classes from the generator's files: its answers are names of classes."""

from __future__ import annotations

from tests.loop.conftest import RunSteps
from tests.loop.test_churn_loop import dag, states, value

CULTIVARS = {"barolo", "grignolino", "barbera"}


def test_a_model_of_three_classes_is_trained_served_scored_and_deleted(run_steps: RunSteps) -> None:
    _, trained, scored, gone = run_steps(
        dag("initialize_project"),
        dag("retrain_wine"),
        dag("score_wine_batch", partition="2024-01-29"),
        dag("tear_down_wine", confirm=True),
    )
    assert [run["state"] for run in (trained, scored, gone)] == ["success"] * 3
    assert value(trained, "judge")["holdout"]["challenger"]["balanced_accuracy"] > 0.8
    assert states(trained, "deploy") == ["success"]
    answer = str(value(trained, "smoke_test")["answer"])
    assert any(name in answer for name in CULTIVARS), answer
    assert value(gone, "delete_endpoint")["deleted"]["endpoints"] == ["wine"]
