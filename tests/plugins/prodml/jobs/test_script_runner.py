"""Run a script as the toolkit does, and keep its source where it may be served from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from prodml.jobs.script_runner import is_leader, keep
from prodml.jobs.script_source import RUNNER, runner


def _run(folder: Path, model: Path, entry_point: str) -> subprocess.CompletedProcess[str]:
    (folder / RUNNER).write_bytes(runner(entry_point))
    command = [sys.executable, str(folder / RUNNER), "--depth", "3"]
    environment = {"SM_MODEL_DIR": str(model)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    return folder


def test_the_script_is_the_main_program_with_its_arguments(script: Path, model: Path) -> None:
    (script / "steps").mkdir()
    (script / "steps" / "near.py").write_text("NAME = 'near'\n")
    (script / "steps" / "train.py").write_text(
        "import os, sys, near\n"
        "print(__name__, near.NAME, sys.argv[1:])\n"
        "open(os.environ['SM_MODEL_DIR'] + '/weights', 'w').close()\n"
    )
    ended = _run(script, model, "steps/train.py")
    assert ended.stdout == "__main__ near ['--depth', '3']\n", ended.stderr
    copied = {str(path.relative_to(model)) for path in model.rglob("*.py")}
    assert copied == {"code/steps/near.py", "code/steps/train.py", f"code/{RUNNER}"}


@pytest.mark.parametrize(
    ("end", "code"), [("sys.exit(3)", 3), ("sys.exit('why')", 1), ("raise ValueError('why')", 1)]
)
def test_a_script_that_fails_fails(script: Path, model: Path, end: str, code: int) -> None:
    text = f"import os, sys\nopen(os.environ['SM_MODEL_DIR'] + '/half', 'w').close()\n{end}\n"
    (script / "train.py").write_text(text)
    assert _run(script, model, "train.py").returncode == code
    assert [path.name for path in model.iterdir()] == ["half"]


def test_no_model_gets_no_code_and_the_models_own_code_stays(script: Path, model: Path) -> None:
    (script / "inference.py").write_text("old")
    (script / "train.py").write_text("new")
    keep(str(script), str(model))
    assert list(model.iterdir()) == []
    (model / "code").mkdir()
    (model / "code" / "inference.py").write_text("own")
    keep(str(script), str(model))
    kept = {path.name: path.read_text() for path in (model / "code").iterdir()}
    assert kept == {"inference.py": "own", "train.py": "new"}


@pytest.mark.parametrize(
    ("environment", "leads"),
    [
        ({}, True),
        ({"SM_CURRENT_HOST": "algo-1"}, True),
        ({"SM_CURRENT_HOST": "algo-2"}, False),
        ({"SM_CURRENT_HOST": "algo-1", "LOCAL_RANK": "1"}, False),
        ({"OMPI_COMM_WORLD_LOCAL_RANK": "1"}, False),
    ],
)
def test_one_process_of_a_cluster_writes(environment: dict[str, str], leads: bool) -> None:
    assert is_leader(environment) == leads
