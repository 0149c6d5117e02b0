"""The DAG that takes down the endpoints whose time is over."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines.deployment.lifetimes import leave_prolonged
from tests.dags.shapes import interval, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["reap_endpoints"]


def test_expired_endpoints_are_found_and_then_deleted(dag: Any) -> None:
    assert wires(dag) == {"expired_endpoints": {"delete_endpoint"}, "delete_endpoint": set()}


def test_it_runs_every_hour(dag: Any) -> None:
    assert interval(dag) == "0 * * * *"
    assert dict(dag.params) == {}
    # Wherever hours_to_live can be set, what takes the endpoint down is active.
    assert dag.is_paused_upon_creation is False


def test_it_reads_the_tag_again_in_each_deletion(dag: Any) -> None:
    mapped = dag.get_task("delete_endpoint")
    assert mapped.unmap({"endpoint": "churn"})._pre_execute_hook is leave_prolonged
