"""A day's file in, one prediction for each of its rows out, joined to the keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from include.data.churn_world import Row
from include.local_aws.testing import Server, connection_to
from include.pipelines.adapters.aws import client, read_text, write_text
from include.pipelines.batch import scoring
from include.pipelines.batch.scoring import LostRows, join, plan
from include.pipelines.churn import PIPELINE
from include.pipelines.contracts import Scored
from include.pipelines.errors import NothingNew
from include.pipelines.evaluation.champion import Champion
from include.settings import settings
from tests.include.conftest import write_csv

BASELINE = "s3://prodml-local/churn/runs/r1/baseline/"
CHAMPION = Champion("arn:1", [{"Image": "i"}], {"encoder": "s3://e/", "baseline": BASELINE})
Joined = Callable[[str, str], Scored]


def context(slice_: str | None = None, **run: Any) -> dict[str, Any]:
    facts = {"run_type": "manual", "run_id": "manual__1", "data_interval_start": None} | run
    return {
        "params": {"slice": slice_},
        "dag_run": SimpleNamespace(**facts),
        "dag": SimpleNamespace(dag_id="score_churn_batch"),
    }


@pytest.fixture
def aws(local_aws: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded AWS as the Airflow connection, with the project's bucket."""
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(local_aws.url))
    client("s3").create_bucket(Bucket=settings().bucket)


@pytest.fixture
def champion(aws: None, landing: Path, rows: list[Row], monkeypatch: pytest.MonkeyPatch) -> None:
    """A model in production, and files of two days in 2030."""
    monkeypatch.setattr(scoring, "find_champion", lambda endpoint: CHAMPION)
    write_csv(landing / "2030-01-07.csv", rows[:5])
    write_csv(landing / "2030-01-14.csv", rows[5:9])


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (context(), "2030-01-14.csv"),
        (context("2030-01-13"), "2030-01-07.csv"),
        (
            context(run_type="scheduled", data_interval_start=datetime(2030, 1, 8, tzinfo=UTC)),
            "2030-01-07.csv",
        ),
    ],
    ids=["newest", "asked", "scheduled"],
)
@pytest.mark.usefixtures("champion")
def test_the_file_is_the_runs_own_the_asked_one_or_the_newest(asked: Any, name: str) -> None:
    planned = plan(PIPELINE, asked)
    assert planned["name"] == name
    assert planned["prefix"] == "s3://prodml-local/churn/runs/score_churn_batch/manual__1"
    assert planned["raw"] == "churn/runs/score_churn_batch/manual__1/raw"
    assert (planned["encoder"], planned["model_package_arn"]) == ("s3://e/", "arn:1")
    assert planned["holdout_scores"] is None  # the retrain's scores have been cleaned away


@pytest.mark.usefixtures("champion")
def test_a_day_without_a_file_has_nothing_to_score() -> None:
    with pytest.raises(NothingNew, match="No file covers 2031-01-01"):
        plan(PIPELINE, context("2031-01-01"))


def test_nothing_is_scored_without_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "find_champion", lambda endpoint: None)
    with pytest.raises(NothingNew, match=r"No model is in production\. Run retrain_churn first"):
        plan(PIPELINE, context())


@pytest.fixture
def joined(aws: None, tmp_path: Path) -> Joined:
    """Join *keys* to *scores*, both lines of text in S3."""

    def join_them(keys: str, scores: str) -> Scored:
        run = settings().uri("test-scoring", tmp_path.name)
        write_text(f"{run}/keys/keys.csv", keys)
        write_text(f"{run}/out/file.out", scores)
        planned: Any = {"prefix": run, "name": "day.csv", "model_package_arn": "arn:1"}
        transformed: Any = {"output": f"{run}/out/", "job_name": "transform-1"}
        return join(PIPELINE, planned, transformed)

    return join_them


def test_predictions_stand_next_to_their_keys(joined: Joined) -> None:
    result = joined("a\nb\n", "0.25\n0.75\n")
    assert (result["rows_in"], result["rows_out"]) == (2, 2)
    lines = read_text(result["output"]).splitlines()
    assert lines == [f"{PIPELINE.schema.key},score", "a,0.25", "b,0.75"]


@pytest.mark.parametrize(
    ("scores", "complaint"),
    [
        ("0.25\n", r"2 rows went in and 1 predictions came out of .*streams of transform-1"),
        ("0.25\n1.5\n", "prediction for 'b' is '1.5', which no binary model"),
        ("0.25\nnan\n", "prediction for 'b' is 'nan'"),
        ("sorry\n0.25\n", r"prediction for 'a' is 'sorry'.*output_fn of its script"),
    ],
)
def test_a_row_without_a_prediction_fails_the_run(
    joined: Joined, scores: str, complaint: str
) -> None:
    with pytest.raises(LostRows, match=complaint):
        joined("a\nb\n", scores)
