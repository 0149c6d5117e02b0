"""The example that fills a partition from a warehouse, by the provider's operators."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from include.local_aws.testing import Server, connection_to, local_aws, local_aws_server
from include.pipelines.adapters.aws import client
from include.pipelines.churn import PIPELINE
from include.pipelines.data.partitions import BadPartition, contents, find_partitions
from include.settings import ROOT, settings

__all__ = ["local_aws", "local_aws_server"]
MONDAY = datetime(2024, 3, 4, tzinfo=UTC)
CONTEXT = {
    "data_interval_start": MONDAY,
    "data_interval_end": MONDAY + timedelta(days=7),
    "ti": SimpleNamespace(try_number=1),
}
FOLDER = "s3://company-rows/in/churn/dt=2024-03-04/"


@pytest.fixture
def dags(local_aws: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The DAGs of the example, with a landing in S3."""
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(local_aws.url))
    monkeypatch.setenv("PRODML_LANDING", "s3://company-rows/in")
    settings.cache_clear()
    client("s3").create_bucket(Bucket="company-rows")
    module = runpy.run_path(str(ROOT / "examples" / "fill_churn_partitions.py"))
    yield {name: module[name]() for name in module if name.startswith("fill_")}
    settings.cache_clear()


def rendered(dag: Any, name: str) -> Any:
    task = dag.get_task(name)
    task.render_template_fields(CONTEXT)
    return task


def test_a_partition_is_complete_when_it_is_marked_and_not_before(dags: dict[str, Any]) -> None:
    """The tasks at both ends run; the query between them is what AWS alone can run."""
    dag = dags["fill_churn_from_athena"]
    s3, key = client("s3"), FOLDER.partition("company-rows/")[2]
    for name in ("old", "_SUCCESS"):
        s3.put_object(Bucket="company-rows", Key=f"{key}{name}", Body=b"1")
    rendered(dag, "remove_old_objects").execute(CONTEXT)
    assert find_partitions(PIPELINE) == []
    s3.put_object(Bucket="company-rows", Key=f"{key}20240311_000102_00003_abcde", Body=b"PAR1")
    (partition,) = find_partitions(PIPELINE)
    with pytest.raises(BadPartition, match="is being written"):
        contents(PIPELINE.partitions, partition, datetime.now(UTC))
    rendered(dag, "mark_complete").execute(CONTEXT)
    (item,) = contents(PIPELINE.partitions, partition, datetime.now(UTC))
    assert item.name == "dt=2024-03-04/20240311_000102_00003_abcde"


def test_both_warehouses_unload_the_interval_into_the_folder(dags: dict[str, Any]) -> None:
    athena = rendered(dags["fill_churn_from_athena"], "unload").query
    redshift = rendered(dags["fill_churn_from_redshift"], "unload").sql
    between = "observed_at >= timestamp '2024-03-04' AND observed_at < timestamp '2024-03-11'"
    for query in (athena, redshift):
        assert query.startswith("UNLOAD (")
        assert f"TO '{FOLDER}" in query
        assert between in query
        assert all(f"{name}" in query for name in PIPELINE.schema.raw_columns)


def test_the_retrain_ends_with_the_partition(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        assert dag.timetable.expression == PIPELINE.partitions.cron
        retrain = rendered(dag, "retrain")
        assert retrain.trigger_dag_id == "retrain_churn"
        assert retrain.conf == {"window_end": "2024-03-11T00:00:00+00:00"}
        tasks = [task.task_id for task in dag.topological_sort()]
        assert tasks == ["remove_old_objects", "unload", "mark_complete", "retrain"]
