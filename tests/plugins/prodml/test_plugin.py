"""The plugin is loaded once, and importing the operators costs a DAG file next to nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
MODULES = sorted(
    f"prodml.operators.{p.stem}" for p in (PLUGINS / "prodml/operators").glob("[a-z]*")
)

LOAD = """
import sys
from airflow import plugins_manager
plugins, errors = plugins_manager._get_plugins()
from airflow.listeners.listener import get_listener_manager
print(sorted(module.__name__ for module in get_listener_manager().pm.get_plugins()))
print([plugin.name for plugin in plugins if plugin.name != "OpenLineageProviderPlugin"], errors)
files = {n: str(getattr(m, "__file__", "")) for n, m in sys.modules.items()}
print(sorted(n for n, f in files.items() if "/plugins/prodml" in f and not n.startswith("prodml")))
"""
IMPORT = """
import importlib, sys
for name in {modules}: importlib.import_module(name)
heavy = ("boto3", "botocore", "pandas", "numpy", "sagemaker", "smexperiments")
print([name for name in heavy if name in sys.modules])
"""


def _python(code: str, home: Path) -> list[str]:
    environment = os.environ | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PLUGINS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": str(PLUGINS),
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_airflow_runs_nothing_but_the_plugin_as_a_top_level_module(tmp_path: Path) -> None:
    names = ("notifications", "run_note", "task_log")
    listeners = str([f"prodml.listeners.{name}" for name in names])
    assert _python(LOAD, tmp_path)[-3:] == [listeners, "['prodml'] {}", "['plugin']"]


def test_operators_import_nothing_heavy_and_nothing_from_the_project(tmp_path: Path) -> None:
    assert _python(IMPORT.format(modules=MODULES), tmp_path)[-1] == "[]"
