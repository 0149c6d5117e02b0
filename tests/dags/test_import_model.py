"""The DAG that copies a version from another account."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dags.shapes import defaults, wires

ARN = "arn:aws:sagemaker:eu-west-1:111111111111:model-package/churn/7"


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["import_model"]


def test_the_plan_comes_before_the_copy(dag: Any) -> None:
    assert wires(dag) == {"plan_import": {"copy"}, "copy": set()}


def test_it_runs_by_hand_and_names_a_connection(dag: Any) -> None:
    assert dag.timetable.can_be_scheduled is False
    assert defaults(dag, "source", "source_conn_id") == (None, "aws_source")
    dag.params["source"] = ARN
    dag.params.validate()
