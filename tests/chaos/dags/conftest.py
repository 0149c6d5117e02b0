from __future__ import annotations

import os
import tempfile

# Before Airflow is imported: it writes its configuration where this points.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-"))
