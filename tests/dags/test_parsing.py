"""The dag-processor reads every file again and again: it must be light, quiet and right."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from include.settings import ROOT

FILES = sorted((ROOT / "dags").glob("*.py"))
HEAVY = ("boto3", "botocore", "mlflow", "numpy", "pandas", "sagemaker", "sklearn", "smexperiments")
PARSE = """
import json, runpy, socket, sys
import airflow.sdk, airflow.providers.standard.sensors.date_time
before = set(sys.modules)
def denied(*args, **kwargs):
    raise AssertionError(f"the network was used: {args}")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = denied
for path in sys.argv[1:]:
    runpy.run_path(path)
print(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """Return the imports of parsing all DAG files besides Airflow; raise on network access."""
    command = [sys.executable, "-W", "ignore", "-c", PARSE, *map(str, FILES)]
    path = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
    environment = os.environ | {"PYTHONPATH": path}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_no_dag_file_uses_the_network_or_imports_what_is_heavy(imported: set[str]) -> None:
    assert "prodml.operators.base" in imported
    assert {name for name in imported if name.partition(".")[0] in HEAVY} == set()


def test_a_file_name_is_its_dags_id(dags: dict[str, Any]) -> None:
    assert {path.stem for path in FILES} == set(dags)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_is_a_short_wiring_diagram(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 90
    assert ast.get_docstring(ast.parse(text))
    assert "doc_md=__doc__" in text
    assert "os.environ" not in text


def test_every_dag_is_tagged_and_none_catches_up(dags: dict[str, Any]) -> None:
    assert [dag.dag_id for dag in dags.values() if not dag.tags or dag.catchup] == []
