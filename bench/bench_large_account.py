"""Count the calls of each sweep in an account that is full of other teams' resources."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "plugins"))

from bench.report import ROOT, report
from include.local_aws.core.store import Store
from include.local_aws.testing import REGION, connection_to, running_server

RESULT = ROOT / "bench" / "results" / "large_account.json"
ACCOUNT = "000000000000"
RUNNING = 100  # of the foreign jobs of each kind; AWS's quotas allow few more
Doc = dict[str, Any]


class Crowd(NamedTuple):
    """The number of resources of other teams."""

    jobs: int = 20_000
    endpoints: int = 500
    tuning_jobs: int = 2_000


def fill(data_dir: Path, crowd: Crowd) -> None:
    """Write other teams' resources into the store of a running server; nothing of them runs."""
    fill_with(data_dir, _documents(crowd))


def fill_with(data_dir: Path, documents: Iterable[tuple[str, str, Doc]]) -> None:
    """Write *documents* of resources, by kind and name, into the store below *data_dir*."""
    store = Store(data_dir / "accounts" / ACCOUNT / REGION / "state.sqlite")
    store.write_many(
        "INSERT INTO resources (kind, name, doc) VALUES (?, ?, ?)",
        ((kind, name, json.dumps(doc)) for kind, name, doc in documents),
    )
    store.close()


def _documents(crowd: Crowd) -> Iterator[tuple[str, str, Doc]]:
    for number in range(crowd.jobs):
        noun = ("Training", "Processing", "Transform")[number % 3]
        yield job(noun, f"{noun.lower()}-job", f"team-{number % 7}-nightly-{number}", number)
    for number in range(crowd.tuning_jobs):
        kind, name = "hyper-parameter-tuning-job", f"Tune-Team-{number:04}"
        tuning = job("HyperParameterTuning", kind, name, number)
        tuning[2]["HyperParameterTuningJobConfig"] = {"Strategy": "Random", "ResourceLimits": {}}
        yield tuning
    for number in range(crowd.endpoints):
        name = f"service-{number}"
        yield "endpoint", name, stamped("Endpoint", "endpoint", name, "InService", number)


def job(noun: str, kind: str, name: str, number: int) -> tuple[str, str, Doc]:
    """Return the kind, the name and the document of the job with this *number*."""
    status = "InProgress" if number < 3 * RUNNING else "Completed"
    return kind, name, stamped(f"{noun}Job", kind, name, status, number)


def stamped(noun: str, kind: str, name: str, status: str, number: int) -> Doc:
    """Return the document of a resource that was made *number* seconds ago."""
    now = time.time() - number
    return {
        f"{noun}Name": name,
        f"{noun}Arn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{kind}/{name}",
        f"{noun}Status": status,
        "CreationTime": now,
        "LastModifiedTime": now,
    }


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Count the calls that any boto3 client makes in the block."""
    from botocore.client import BaseClient

    calls: Counter[str] = Counter()
    make = BaseClient._make_api_call

    def count(self: Any, operation: str, parameters: Doc) -> Any:
        calls[operation] += 1
        return make(self, operation, parameters)

    BaseClient._make_api_call = count
    try:
        yield calls
    finally:
        BaseClient._make_api_call = make


class Ti(NamedTuple):
    """Stands for a task instance of a run that has just begun."""

    run_id: str = "manual__bench"
    task_id: str = "task"
    dag_id: str = "tune_churn"
    map_index: int = -1
    try_number: int = 1


def sweeps() -> dict[str, Callable[[], Any]]:
    """Return each sweep by its name, as its DAG runs it."""
    from prodml.operators.autoscaling import RestoreScalingOperator
    from prodml.operators.ledger import LedgerOperator
    from prodml.operators.reconciliation import StopOrphanedJobsOperator

    from include.pipelines.deployment import lifetimes
    from include.pipelines.errors import NothingNew
    from include.pipelines.training import search

    class Run(NamedTuple):
        start_date: datetime

    context: Any = {"ti": Ti(), "dag_run": Run(datetime(2024, 1, 1, tzinfo=UTC))}

    def reap() -> None:
        try:
            lifetimes.expired(datetime.now(UTC))
        except NothingNew:
            return

    ledger = LedgerOperator(task_id="ledger", output_uri="s3://prodml-local/ledger.csv", prices={})
    orphans = StopOrphanedJobsOperator(task_id="sweep", deployment="local")
    objective = {"Type": "Maximize", "MetricName": "validation:auc"}
    return {
        "stop orphaned jobs": lambda: orphans.execute(context),
        "restore scaling": lambda: RestoreScalingOperator(task_id="scale").execute(context),
        "reap endpoints": reap,
        "ledger of a run": lambda: ledger.execute(context),
        "warm start": lambda: search.last_job("tune_churn", "manual__bench", objective),
    }


def measured(folder: Path, crowd: Crowd | None = None) -> dict[str, Any]:
    """Return the calls and seconds of each sweep among a *crowd*, the largest if none is given."""
    crowd = crowd or Crowd()
    os.environ.setdefault("AIRFLOW_HOME", str(folder / "airflow"))
    with running_server(folder / "aws") as server:
        os.environ["AIRFLOW_CONN_AWS_DEFAULT"] = connection_to(server.url)
        server.client("s3", s3={"addressing_style": "path"}).create_bucket(Bucket="prodml-local")
        server.client("sagemaker").list_endpoints()  # the account is made when it is first used
        fill(folder / "aws", crowd)
        result: dict[str, Any] = {"foreign": crowd._asdict()}
        for name, sweep in sweeps().items():
            began = time.perf_counter()
            with counted() as calls:
                sweep()
            seconds = round(time.perf_counter() - began, 2)
            result[name] = {"calls": calls.total(), "seconds": seconds, "by_operation": dict(calls)}
    return result


if __name__ == "__main__":
    report(measured, RESULT)
