"""Add up what a run's jobs were billed for."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from prodml.aws.client import Aws
from prodml.jobs.jobs import Jobs
from prodml.naming import Identity, job_name, request_hash
from prodml.operators.ledger import COLUMNS, LedgerOperator
from prodml.vocabulary import PROCESSING

from tests.plugins.runs import CLUSTER, ROLE, SKLEARN, Ti, processing_request

PRICES = {"ml.m5.large": 3.6}  # a tenth of a cent a second


@pytest.fixture(scope="module")
def jobs() -> Jobs:
    return Jobs(Aws(), PROCESSING)


@pytest.fixture
def run_jobs(jobs: Jobs, sagemaker: Any, unique: str, ti: Ti) -> Any:
    """Jobs of the run of *ti* that end at once, each with its command and cluster."""

    def make(deployment: str = "airflow", command: str = "true", **cluster: Any) -> str:
        identity = Identity(deployment, ti.dag_id, ti.run_id, "task")
        name = job_name(identity, request_hash([unique, f"{datetime.now(UTC):%f}"]))
        request = processing_request() | {
            "AppSpecification": {"ImageUri": SKLEARN, "ContainerEntrypoint": [command]},
            "ProcessingResources": {"ClusterConfig": CLUSTER | cluster},
        }
        sagemaker.create_processing_job(
            ProcessingJobName=name, RoleArn=ROLE, Tags=identity.tags(1, "digest"), **request
        )
        jobs.wait(name, 0.1)
        return name

    return make


def _ledger(ti: Ti, bucket: str, prices: dict[str, float], since: timedelta) -> dict[str, Any]:
    operator = LedgerOperator(
        task_id="ledger",
        output_uri=f"s3://{bucket}/{ti.run_id}",
        prices=prices,
        storage_price=0.73,
    )
    run = SimpleNamespace(start_date=datetime.now(UTC) - since)
    context: Any = {"ti": ti, "dag_run": run}
    return operator.execute(context)


def _rows(s3: Any, bucket: str, ti: Ti) -> dict[str, dict[str, str]]:
    body = s3.get_object(Bucket=bucket, Key=f"{ti.run_id}/ledger.csv")["Body"].read().decode()
    rows = csv.DictReader(io.StringIO(body))
    assert tuple(rows.fieldnames or ()) == COLUMNS
    return {row["job"]: row for row in rows}


def test_failed_jobs_cost_too_and_other_deployments_do_not(
    run_jobs: Any, s3: Any, bucket: str, ti: Ti
) -> None:
    done, failed = run_jobs(), run_jobs(command="false")
    run_jobs(deployment="another Airflow")
    ledger = _ledger(ti, bucket, PRICES, timedelta(hours=1))
    rows = _rows(s3, bucket, ti)
    assert {name: row["status"] for name, row in rows.items()} == {
        done: "Completed",
        failed: "Failed",
    }
    assert ledger["jobs"] == 2
    assert ledger["seconds"] == sum(int(row["seconds"]) for row in rows.values()) >= 2
    with_volume = 3.6 + 1 * 0.73 / 730  # dollars an hour
    assert ledger["usd"] == pytest.approx(ledger["seconds"] / 3600 * with_volume, abs=1e-4)
    assert {row["volume_gb"] for row in rows.values()} == {"1"}
    assert ledger["csv"] == f"s3://{bucket}/{ti.run_id}/ledger.csv"


def test_an_instance_type_without_a_price_is_counted_but_not_priced(
    run_jobs: Any, s3: Any, bucket: str, ti: Ti
) -> None:
    name = run_jobs(InstanceType="ml.m5.xlarge")
    ledger = _ledger(ti, bucket, PRICES, timedelta(hours=1))
    assert (ledger["jobs"], ledger["usd"]) == (1, 0)
    row = _rows(s3, bucket, ti)[name]
    assert (row["instance_type"], row["usd"]) == ("ml.m5.xlarge", "")


def test_a_training_job_s_seconds_are_those_that_sagemaker_bills(
    trained: dict[str, Any], s3: Any, bucket: str
) -> None:
    ti = Ti("manual__trained")
    _ledger(ti, bucket, PRICES, timedelta(hours=1))
    row = _rows(s3, bucket, ti)[trained["job_name"]]
    assert int(row["seconds"]) == trained["billable_seconds"]
    assert row["kind"] == "training job"


def test_a_run_without_jobs_has_an_empty_ledger(s3: Any, bucket: str, ti: Ti) -> None:
    ledger = _ledger(ti, bucket, PRICES, timedelta(seconds=0))
    assert (ledger["jobs"], ledger["seconds"], ledger["usd"]) == (0, 0, 0)
    assert _rows(s3, bucket, ti) == {}


def test_a_run_that_ended_before_its_first_job_has_no_ledger(ti: Ti) -> None:
    operator = LedgerOperator(task_id="ledger", output_uri="", prices=PRICES)
    context: Any = {"ti": ti, "dag_run": SimpleNamespace(start_date=datetime.now(UTC))}
    with pytest.raises(AirflowSkipException, match="so it has no cost"):
        operator.execute(context)
