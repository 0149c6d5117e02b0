"""The DAGs as Airflow reads them, with the network denied while it does."""

from __future__ import annotations

import os
import tempfile
from typing import Any

import pytest

# Before Airflow is imported: it writes its configuration where this points.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-"))
os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "false")  # Airflow 3.2 adds its examples

from include.settings import ROOT


@pytest.fixture(scope="session")
def dags() -> dict[str, Any]:
    """All DAGs by id."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(ROOT / "dags"))
    assert bag.import_errors == {}
    return dict(bag.dags)
