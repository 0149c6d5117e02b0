"""The plugin is loaded once, and importing the operators costs a DAG file next to nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
MODULES = sorted(
    f"prodml.operators.{p.stem}" for p in (PLUGINS / "prodml/operators").glob("[a-z]*")
)

# In this order: Airflow loads what is heavy with the plugins of its providers.
CODE = f"""
import importlib, json, sys
for name in {MODULES}: importlib.import_module(name)
imported = sorted(sys.modules)
from airflow import plugins_manager
plugins, errors = plugins_manager._get_plugins()
from airflow.listeners.listener import get_listener_manager
files = {{n: str(getattr(m, "__file__", "")) for n, m in sys.modules.items()}}
ours = [name for name, file in files.items() if "/plugins/prodml" in file]
print(json.dumps({{
    "imported": imported,
    "listeners": sorted(module.__name__ for module in get_listener_manager().pm.get_plugins()),
    "plugins": [plugin.name for plugin in plugins],
    "errors": errors,
    "top level": sorted(name for name in ours if not name.startswith("prodml")),
}}))
"""
HEAVY = ("boto3", "botocore", "pandas", "numpy", "sagemaker", "smexperiments")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Import the operators and load the plugins in an interpreter that has done nothing else."""
    environment = os.environ | {
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PLUGINS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": str(PLUGINS),
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_airflow_runs_nothing_but_the_plugin_as_a_top_level_module(loaded: dict[str, Any]) -> None:
    names = ("notifications", "run_note", "task_log")
    assert loaded["listeners"] == [f"prodml.listeners.{name}" for name in names]
    assert set(loaded["plugins"]) - {"OpenLineageProviderPlugin"} == {"prodml"}
    assert loaded["plugins"].count("prodml") == 1
    assert loaded["errors"] == {}
    assert loaded["top level"] == ["plugin"]


def test_operators_import_nothing_heavy_and_nothing_from_the_project(
    loaded: dict[str, Any],
) -> None:
    names = {name.partition(".")[0] for name in loaded["imported"]}
    assert names.isdisjoint({*HEAVY, "include"})
    assert set(MODULES) <= set(loaded["imported"])
