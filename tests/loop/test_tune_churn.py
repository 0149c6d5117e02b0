"""A search for hyperparameters, to production, and a second one that begins where it ended."""

from __future__ import annotations

from tests.loop.conftest import RunSteps
from tests.loop.test_churn_loop import dag, states, value

STEPS = [
    dag("initialize_project"),
    dag("tune_churn", max_jobs=2),
    dag("tune_churn", max_jobs=2, strategy="Random", min_gain=1),
]


def test_what_a_search_finds_takes_the_path_of_the_candidates(run_steps: RunSteps) -> None:
    _, first, second = run_steps(*STEPS)
    tuned = value(first, "tune")
    best = value(first, "select_best")
    assert (best["job_name"], best["value"]) == (tuned["best"]["job_name"], tuned["value"])
    assert [deploy["tries"] for deploy in first["tasks"]["deploy"]] == [1]
    assert value(first, "leaderboard")["trials"] == 2
    assert value(first, "ledger")["jobs"] == 6  # preprocess, two trials, two transforms, evaluate
    kinds = [row["kind"] for row in value(first, "lineage")["rows"] if row["kind"] != "component"]
    jobs = ["processing-job", "training-job", "transform-job", "processing-job"]
    assert kinds == [*jobs, "model-package", "endpoint"]
    assert value(first, "plan_tuning")["warm_start_from"] == []
    assert value(second, "plan_tuning")["warm_start_from"] == [tuned["job_name"]]
    assert value(second, "tune")["job_name"] != tuned["job_name"]
    assert value(second, "judge")["approval"] == "Rejected"
    assert states(second, "deploy") == ["skipped"]
