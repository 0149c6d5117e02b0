"""Airflow's home in a temporary folder, for the pages that import operators and DAGs."""

from __future__ import annotations

import os
import tempfile

# Before Airflow is imported: it writes its configuration where this points.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-"))
os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "false")
