"""The operators as a wheel: a provider of an Airflow that has nothing else of this project."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests import wheels
from tests.matrix.environments import ENVIRONMENTS, MAIN
from tests.root import ROOT

USE = """
import json
from importlib.metadata import version
from airflow.providers_manager import ProvidersManager
from airflow import plugins_manager
from prodml.operators.training import TrainTrialOperator

manager = ProvidersManager()
provider = manager.providers["prodml"]
plugins = [plugin["name"] for plugin in plugins_manager.get_plugin_info()]
print(json.dumps([provider.version, provider.data["name"], plugins, TrainTrialOperator.__module__]))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel with its dependencies, in the versions that this environment has."""
    here = Path(sys.prefix).name
    lock = ENVIRONMENTS.get(here, ENVIRONMENTS[MAIN]).lock
    folder = tmp_path_factory.mktemp("wheel")
    return wheels.installed(ROOT, folder, "--constraint", str(lock))


def test_airflow_lists_the_provider_and_its_plugin(python: Path, tmp_path: Path) -> None:
    variables = {"AIRFLOW_HOME": str(tmp_path)}
    output = wheels.run(python, "python", "-W", "ignore", "-c", USE, folder=tmp_path, **variables)
    version, name, plugins, module = json.loads(output.splitlines()[-1])
    assert (version, name, module) == ("0.1.0", "ProdML", "prodml.operators.training")
    assert "prodml" in plugins
