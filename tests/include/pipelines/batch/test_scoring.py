"""A day's file in, one prediction for each of its rows out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prodml.aws.manifests import read_manifest

from include.data.churn_world import Row
from include.jobs.tabular.contract import contract_document
from include.local_aws.testing import Server, connection_to
from include.pipelines.adapters.aws import client, write_text
from include.pipelines.batch import scoring
from include.pipelines.batch.scoring import LostRows, plan, verify
from include.pipelines.churn import PIPELINE
from include.pipelines.contracts.batch import Scored
from include.pipelines.data.partitions import find_partitions
from include.pipelines.errors import NothingNew
from include.pipelines.evaluation.champion import Champion
from include.settings import settings
from tests.include.conftest import write_csv

BASELINE = "s3://prodml-local/churn/runs/r1/baseline/"
CHAMPION = Champion("arn:1", [{"Image": "i"}], {"preprocessing": "s3://p/", "baseline": BASELINE})


def context(partition: str | None = None, **run: Any) -> dict[str, Any]:
    facts = {"run_type": "manual", "run_id": "manual__1", "data_interval_start": None} | run
    return {
        "params": {"partition": partition},
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
    """A model in production, and files of two weeks."""
    monkeypatch.setattr(scoring, "champion_of", lambda endpoint: CHAMPION)
    write_csv(landing / "2024-05-06.csv", rows[:5])
    write_csv(landing / "2024-05-13.csv", rows[5:9])


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (context(), "2024-05-13.csv"),
        (context("2024-05-12"), "2024-05-06.csv"),
        (
            context(run_type="scheduled", data_interval_start=datetime(2024, 5, 6, tzinfo=UTC)),
            "2024-05-06.csv",
        ),
    ],
    ids=["newest", "asked", "scheduled"],
)
@pytest.mark.usefixtures("champion")
def test_the_file_is_the_runs_own_the_asked_one_or_the_newest(asked: Any, name: str) -> None:
    planned = plan(PIPELINE, asked)
    assert planned["name"] == name
    assert planned["prefix"] == "s3://prodml-local/churn/runs/score_churn_batch/manual__1"
    _, (listed,) = read_manifest(client("s3"), planned["manifest"])
    assert listed.endswith(f"/{name}")
    assert planned["model_package_arn"] == "arn:1"
    assert planned["holdout_scores"] is None  # the retrain's scores have been cleaned away


@pytest.mark.usefixtures("champion")
def test_file_without_a_column_of_the_model_is_refused_before_a_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    older = replace(PIPELINE.schema, numbers=(*PIPELINE.schema.numbers, "income"))
    document = contract_document(older)
    write_text(f"{BASELINE}contract.json", json.dumps(document))
    facts = dict(CHAMPION.facts) | {"input_contract": older.contract}
    monkeypatch.setattr(scoring, "champion_of", lambda _: replace(CHAMPION, facts=facts))
    with pytest.raises(ValueError, match=r"arn:1 takes the columns \['income'\], which the schema"):
        plan(PIPELINE, context())
    client("s3").delete_object(
        Bucket=settings().bucket, Key=f"{BASELINE}contract.json".split("/", 3)[3]
    )
    assert plan(PIPELINE, context())["contract"] == f"{BASELINE}contract.json"


@pytest.mark.usefixtures("champion")
def test_a_day_without_a_file_has_nothing_to_score() -> None:
    with pytest.raises(NothingNew, match="No complete partition covers 2025-01-01"):
        plan(PIPELINE, context("2025-01-01"))


@pytest.mark.usefixtures("champion")
def test_a_file_that_is_not_complete_is_not_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = find_partitions(PIPELINE)
    later = [replace(first, end=datetime(2999, 5, 13, tzinfo=UTC))]
    monkeypatch.setattr(scoring, "find_partitions", lambda _: later)
    with pytest.raises(NothingNew, match=r"No partition is complete before 2999-05-13"):
        plan(PIPELINE, context())


def test_nothing_is_scored_without_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "champion_of", lambda endpoint: None)
    with pytest.raises(NothingNew, match=r"No model is in production\. Run retrain_churn first"):
        plan(PIPELINE, context())


def _verified(rows: int, answers: int) -> Scored:
    """Verify the predictions of a file of *rows* rows, of which a check has counted *answers*."""
    run = settings().uri("test-scoring", f"{rows}-{answers}")
    write_text(f"{run}/summary/rows.json", f'{{"rows": {rows}}}')
    planned: Any = {"prefix": run, "model_package_arn": "arn:1"}
    transformed: Any = {"output": f"{run}/scores/", "job_name": "transform-1"}
    checked: Any = {"answers": answers}
    return verify(planned, transformed, checked)


@pytest.mark.usefixtures("aws")
def test_each_row_has_a_prediction() -> None:
    scored = _verified(2, 2)
    assert (scored["rows_in"], scored["rows_out"], scored["model_package_arn"]) == (2, 2, "arn:1")
    assert scored["output"].endswith("/scores/")


@pytest.mark.usefixtures("aws")
def test_a_row_without_a_prediction_fails_the_run() -> None:
    complaint = r"2 rows went in and 1 predictions came out of .*streams of transform-1"
    with pytest.raises(LostRows, match=complaint):
        _verified(2, 1)
