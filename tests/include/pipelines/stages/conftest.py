"""A DAG to wire a stage into, and its tasks by id."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

# Before Airflow is imported: it writes its configuration where this points.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-"))

from airflow.sdk import DAG

from include.pipelines import params
from include.pipelines.churn import PIPELINE
from include.pipelines.definition.pipeline import Pipeline

Wired = Callable[..., dict[str, Any]]


@pytest.fixture
def wired() -> Wired:
    """Call a stage inside a DAG of churn, or of another pipeline; return its tasks by id."""

    def wire(
        stage: Callable[..., Any], *arguments: Any, pipeline: Pipeline = PIPELINE
    ) -> dict[str, Any]:
        default_args = pipeline.default_args() | params.JOBS
        start = datetime(2024, 1, 1, tzinfo=UTC)
        with DAG("wired", schedule=None, start_date=start, default_args=default_args) as dag:
            stage(*arguments)
        return dict(dag.task_dict)

    return wire
