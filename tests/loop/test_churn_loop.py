"""The whole loop, every DAG of it, by `dag.test()` on a real embedded AWS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prodml.vocabulary import Json

from tests.loop.company import SCP, Company
from tests.loop.conftest import run_in, run_in_new_world

SHIFTED = {"total_day_minutes", "total_day_charge", "number_customer_service_calls"}
ONE_OF_ONE = {"alerts_of_windows": "1 of 1"}
HEADER = (
    "customer_id,state,account_length,area_code,international_plan,voice_mail_plan,"
    "number_vmail_messages,total_day_minutes,total_day_calls,total_day_charge,"
    "total_eve_minutes,total_eve_calls,total_eve_charge,total_night_minutes,"
    "total_night_calls,total_night_charge,total_intl_minutes,total_intl_calls,"
    "total_intl_charge,number_customer_service_calls,churn"
)
BAD_ROW = "C1,OH,many,415,no,no,0,1,1,1,1,1,1,1,1,1,1,1,1,1,no"


def dag(dag_id: str, **conf: Any) -> Json:
    return {"step": "dag", "dag_id": dag_id, "conf": conf}


def check() -> Json:
    return {"step": "dag", "dag_id": "check_churn_drift", "conf": ONE_OF_ONE, "in_window": True}


def value(run: Json, task_id: str) -> Any:
    """Return the result of an unmapped task."""
    return run["tasks"][task_id][0]["value"]


def states(run: Json, task_id: str) -> list[str]:
    return [ti["state"] for ti in run["tasks"][task_id]]


STEPS = [
    dag("initialize_project"),
    dag("retrain_churn"),
    dag("score_churn_batch"),
    {"step": "traffic", "world": "original", "rows": 300},
    check(),
    {"step": "traffic", "world": "shifted", "rows": 300},
    check(),
    {"step": "land", "world": "shifted", "first": "2024-03-11", "weeks": 8},
    check(),
    {"step": "events", "asset": "churn_drift"},
    {"step": "report", "dag_id": "check_churn_drift", "task_id": "check"},
    dag("retrain_churn"),
    {"step": "traffic", "world": "shifted", "rows": 300},
    check(),
    {"step": "events", "asset": "churn_model"},
    dag("tear_down_churn", confirm=True),
]


def test_alert_ends_when_the_model_has_learned_the_new_world(tmp_path: Path) -> None:
    """Train, deploy, score, drift, audit, retrain on newer labels, and no drift any more.

    All of it under a company's rules: its service control policy denies what lacks one of them,
    and both roles may do what the committed policies allow, and nothing else.
    """
    with run_in(tmp_path, iam="enforce", scps=[SCP]) as (server, run):
        results = run(*STEPS, **Company(server, tmp_path / "aws").environment())
    assert all(result.get("state", "success") == "success" for result in results)
    _, first, scored, served, clean, _, audit, _, alert, drifts, shown, *rest = results
    second, again, closed, models, _ = rest
    check_first_retrain(first)
    batch = value(scored, "verify_predictions")
    assert batch["rows_in"] == batch["rows_out"] == 500
    assert all(0 <= answer["probability"] <= 1 for answer in served["answers"])
    assert [served["version"], again["version"]] == ["1", "2"]  # which an answer names
    check_threshold(value(first, "judge"), served)
    assert value(clean, "conclude")["outcome"] == "OK"
    assert value(audit, "conclude")["action"] == "audit"
    assert "churn: ALERT in " in audit["note"]
    marks = [run["tasks"]["check"][0]["shown"] for run in (clean, audit, alert)]
    assert marks == ["OK churn 1", "ALERT churn 1", "ALERT churn 1"]
    assert "2024-03-04.csv: OK." in scored["note"]
    assert ". Action: audit. No labelled rows after" in audit["note"]
    assert set(value(audit, "conclude")["columns"]) == SHIFTED
    assert value(alert, "conclude")["action"] == "retrain"
    assert [event["columns"] for event in drifts["events"]] == [value(alert, "conclude")["columns"]]
    assert (shown["status"], shown["none"]) == (200, 404)
    assert "Triggered: retrain." in shown["page"]
    assert value(audit, "conclude")["prediction_drift"] == ["prediction"]
    assert value(scored, "check_drift")["outcome"] == "OK"
    holdout = value(second, "judge")["holdout"]
    assert holdout["challenger"]["auc"] > holdout["champion"]["auc"] + 0.1
    assert value(closed, "conclude")["outcome"] == "OK"
    ends = [event["window_end"] for event in models["events"]]
    assert ends == ["2024-03-11T00:00:00+00:00", "2024-05-06T00:00:00+00:00"]


def check_threshold(verdict: Json, served: Json) -> None:
    """The threshold by stated costs is on the card, in the version, and in what serves."""
    threshold = float(verdict["metadata"]["threshold"])
    assert 0.02 < threshold < 0.4  # a missed customer costs five times an offer
    assert "a false positive costs 11.9 and a false negative 65.5" in verdict["scorecards"]
    assert f"says yes from a probability of {threshold:.4g} on" in verdict["scorecards"]
    doubtful = [a for a in served["answers"] if threshold <= a["probability"] < 0.5]
    assert doubtful
    assert all((a["label"] == "yes") == (a["probability"] >= threshold) for a in served["answers"])


def check_first_retrain(run: Json) -> None:
    """Four candidates, the best by validation AUC, about as good as honest models are."""
    trials = [ti["value"] for ti in run["tasks"]["train"]]
    assert [trial["status"] for trial in trials] == ["Completed"] * 4
    best = value(run, "select_best")
    assert best["value"] == max(trial["metrics"]["validation:auc"] for trial in trials)
    verdict = value(run, "judge")
    assert verdict["holdout"]["champion"] is None
    assert 0.85 < verdict["holdout"]["challenger"]["auc"] < 0.96
    assert states(run, "score_holdout") == ["success"] * 2  # its holdout, and validation rows
    assert value(run, "leaderboard")["board"][0]["job"] == best["job_name"]
    evaluation = value(run, "evaluate")
    assert evaluation["evaluation"].endswith("/evaluation/evaluation.json")
    assert evaluation["exit_message"].startswith("auc 0.")
    assert (
        value(run, "ledger")["jobs"] == 8
    )  # preprocessing, four trials, two transforms, evaluation
    kinds = [row["kind"] for row in value(run, "lineage")["rows"] if row["kind"] != "component"]
    jobs = ["processing-job", "training-job", "transform-job", "processing-job"]
    assert kinds == [*jobs, "model-package", "endpoint"]


@pytest.fixture(scope="module")
def plain_folders(tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    """Without a sandbox: rows and bad rows arrive in S3; a window is trained twice and scored."""
    earlier = {"window_end": "2024-02-05", "window_partitions": 3}
    return run_in_new_world(
        tmp_path_factory.mktemp("plain-folders"),
        dag("initialize_project"),
        {"step": "export"},
        {"step": "write", "name": "2024-03-11.csv", "text": f"{HEADER}\n{BAD_ROW}\n"},
        dag("retrain_churn"),
        dag("retrain_churn", **earlier),
        dag("retrain_churn", **earlier),
        dag("score_churn_batch", partition="2024-01-03"),
        {"step": "events", "asset": "churn_model"},
        sandbox="none",
        PRODML_LANDING="s3://prodml-local/landing",
    )


def test_bad_rows_end_the_run_before_training(plain_folders: list[Json]) -> None:
    """The preprocessing job refuses them; what is deployed is not touched."""
    _, _, _, failed, recovered, *_ = plain_folders
    assert failed["state"] == "failed"
    assert states(failed, "preprocess") == ["failed"]
    assert states(failed, "train") == ["upstream_failed"]
    assert recovered["state"] == "success"
    assert value(recovered, "resolve_window")["start"] == "2024-01-15T00:00:00+00:00"


def test_retrain_without_gain_leaves_production_alone(plain_folders: list[Json]) -> None:
    """The same window again is registered as Rejected and not deployed."""
    *_, again, scored, models = plain_folders
    assert again["state"] == scored["state"] == "success"
    assert value(again, "judge")["approval"] == value(again, "register")["approval"] == "Rejected"
    assert states(again, "deploy") == states(again, "announce") == ["skipped"]
    assert "Skipped by accepted: " in again["note"]
    assert states(again, "score_holdout") == ["success"] * 3
    assert value(again, "judge")["outcome"] == "rejected"  # the same answers: surely no gain
    assert len(models["events"]) == 1
