"""The folder for Amazon MWAA, unpacked and parsed as MWAA does it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from include import mwaa
from include.settings import ROOT

# MWAA's home has dags/ and the unpacked plugins.zip; its PYTHONPATH has nothing of the user's.
PARSE = """
import json, os
from pathlib import Path
from airflow import plugins_manager
from airflow.dag_processing.dagbag import BundleDagBag

folder = Path(os.environ["AIRFLOW_HOME"]) / "dags"
bag = BundleDagBag(dag_folder=folder, bundle_path=folder, bundle_name="dags-folder")
import include.settings, prodml
print(json.dumps({
    "errors": bag.import_errors,
    "dags": sorted(bag.dags),
    "files": len({dag.fileloc for dag in bag.dags.values()}),
    "plugins": [plugin["name"] for plugin in plugins_manager.get_plugin_info()],
    "bucket": include.settings.settings().bucket,
    "from": [include.settings.__file__, prodml.__file__],
}))
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    settings = folder / "settings.env"
    settings.write_text("PRODML_BUCKET=of-the-team   # ours\n# PRODML_DEPLOYMENT=prod\nOTHER=1\n")
    mwaa.main([str(folder), "--env", str(settings)])
    return folder


@pytest.fixture(scope="module")
def home(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("airflow")
    shutil.unpack_archive(bundle / "plugins.zip", home / "plugins")
    shutil.copytree(bundle / "dags", home / "dags")
    return home


def test_all_dags_are_parsed_without_pythonpath(bundle: Path, home: Path) -> None:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PRODML_", "PYTHON"))}
    script = f'source "{bundle}/startup.sh" && exec "$@"'
    done = subprocess.run(
        ["bash", "-c", script, "bash", sys.executable, "-W", "ignore", "-c", PARSE],
        cwd=home,
        env=inherited | {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    parsed = json.loads(done.stdout.splitlines()[-1])
    names = sorted(path.stem for path in (ROOT / "dags").glob("*.py"))
    assert (parsed["errors"], parsed["dags"], parsed["files"]) == ({}, names, len(names))
    assert "prodml" in parsed["plugins"]
    assert parsed["bucket"] == "of-the-team"
    assert all(file.startswith(str(home)) for file in parsed["from"])


def test_settings_are_exported_and_others_are_comments(bundle: Path) -> None:
    lines = (bundle / "startup.sh").read_text().splitlines()
    assert lines[-2:] == [
        "export PRODML_BUCKET=of-the-team   # ours",
        "# export PRODML_DEPLOYMENT=prod",
    ]


def test_the_example_has_no_setting_of_compose(tmp_path: Path) -> None:
    mwaa.write(tmp_path, ROOT / ".env.example")
    script = (tmp_path / "startup.sh").read_text()
    assert "# export PRODML_ROLE_ARN=arn:aws:iam::" in script
    assert "PRODML_SECRET_KEY" not in script


def test_requirements_neither_pin_airflow_nor_replace_what_mwaa_has(bundle: Path) -> None:
    text = (bundle / "requirements.txt").read_text()
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    names = {line.split("[")[0] for line in lines if line}
    assert names == {
        "apache-airflow-providers-amazon",
        "apache-airflow-providers-standard",
        "sagemaker-experiments",
    }


def test_the_same_project_makes_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    """MWAA compares plugins.zip by its version: an unchanged one needs no update."""
    mwaa.main([str(tmp_path)])
    assert (tmp_path / "plugins.zip").read_bytes() == (bundle / "plugins.zip").read_bytes()
    assert not list((tmp_path / "dags").rglob("local_aws"))
