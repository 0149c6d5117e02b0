"""What a run's jobs were billed for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from prodml.operators.ledger import LedgerOperator

from tests.plugins.runs import Ti


def ledger(ti: Ti, uri: str, **prices: float) -> dict[str, Any]:
    operator = LedgerOperator(task_id="ledger", output_uri=uri, prices=prices)
    began = datetime.now(UTC) - timedelta(hours=2)
    context: Any = {"ti": ti, "dag_run": SimpleNamespace(start_date=began)}
    return dict(operator.execute(context))


def test_the_jobs_of_this_run_are_listed_and_priced(
    trained: dict[str, Any], s3: Any, bucket: str, unique: str
) -> None:
    ti = Ti(run_id="manual__trained", task_id="ledger")
    uri = f"s3://{bucket}/{unique}/ledger.csv"
    result = ledger(ti, uri, **{"ml.m5.large": 3600.0})
    assert result["jobs"] == 1
    assert result["seconds"] == trained["billable_seconds"]
    assert result["usd"] == pytest.approx(result["seconds"])
    rows = s3.get_object(Bucket=bucket, Key=f"{unique}/ledger.csv")["Body"].read().decode()
    assert trained["job_name"] in rows


def test_a_price_that_is_not_listed_is_left_out(
    trained: dict[str, Any], bucket: str, unique: str
) -> None:
    ti = Ti(run_id="manual__trained", task_id="ledger")
    assert ledger(ti, f"s3://{bucket}/{unique}.csv")["usd"] == 0.0


def test_another_runs_jobs_are_not_counted(
    trained: dict[str, Any], bucket: str, unique: str, ti: Ti
) -> None:
    assert ledger(ti, f"s3://{bucket}/{unique}.csv")["jobs"] == 0


def test_a_run_that_ended_before_its_first_job_has_no_ledger(ti: Ti) -> None:
    with pytest.raises(AirflowSkipException, match="nothing to add up"):
        ledger(ti, "")
