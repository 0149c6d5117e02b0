"""The command writes files that work and that replace nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from include.new_pipeline import __main__ as new_pipeline
from include.settings import ROOT
from tests.include.new_pipeline.samples import BINARY, as_csv, written


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project's code, without the embedded AWS."""
    root = tmp_path / "project"
    ignored = shutil.ignore_patterns("local_aws", "demo", "*.npy", "__pycache__", "ui")
    for name in ("include", "plugins"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    return root


def test_files_work_and_are_not_overwritten(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command imports the pipeline and its DAGs; its own test passes."""
    sample = written(tmp_path / "loans.csv", BINARY)
    arguments = ["loans", "--from", str(sample), "--label", "defaulted"]
    assert new_pipeline.main(arguments, project) == 0
    printed = capsys.readouterr().out
    assert "classification into 2 classes of 'defaulted'" in printed
    assert f"python -m include.data.cut {sample} --pipeline loans --weeks 8" in printed
    dags = sorted(path.stem for path in (project / "dags").iterdir())
    assert dags == [
        *("ask_loans", "automl_loans", "check_loans_drift", "retrain_loans"),
        *("score_loans_batch", "tear_down_loans"),
    ]
    path = os.pathsep.join([str(project), str(project / "plugins")])
    tests = ["-q", "-p", "no:cacheprovider", "tests/include/pipelines/test_loans.py"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *tests],
        cwd=project,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    before = (project / "include/jobs/loans/schema.py").read_text()
    assert new_pipeline.main(arguments, project) == 1
    assert "__init__.py exists, and nothing was written" in capsys.readouterr().err
    assert (project / "include/jobs/loans/schema.py").read_text() == before


def test_files_that_cannot_be_imported_are_removed(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "include" / "assets.py").write_text("raise ValueError('broken')\n")
    sample = written(tmp_path / "loans.csv", BINARY)
    arguments = ["loans", "--from", str(sample), "--label", "defaulted"]
    assert new_pipeline.main(arguments, project) == 1
    assert "were removed: ValueError: broken" in capsys.readouterr().err
    assert not list(project.rglob("*loans*.py"))


def test_report_says_what_a_retrain_would_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows without a label, a class of a few rows, and a format that cannot be cut by date."""
    monkeypatch.setattr(new_pipeline, "_check_imports", lambda *_: None)
    labels = [*BINARY["defaulted"][:50], *["odd"] * 7, *[""] * 3]
    sample = written(tmp_path / "loans.csv.gz", BINARY | {"defaulted": labels})
    arguments = ["loans", "--from", str(sample), "--label", "defaulted"]
    assert new_pipeline.main(arguments, tmp_path) == 0
    printed = capsys.readouterr().out
    assert "Note: 3 rows have no 'defaulted'. Take them out: a retrain refuses them." in printed
    assert "into loans/ of the landing folder: 2024-01-01.csv.gz" in printed
    schema = (tmp_path / "include" / "jobs" / "loans" / "schema.py").read_text()
    assert "check: 7 rows of the sample are 'odd', too few to learn from" in schema


@pytest.mark.parametrize("name", ["churn", "Loans", "class"])
def test_a_name_that_no_pipeline_can_have_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = written(tmp_path / "loans.csv", BINARY)
    arguments = [name, "--from", str(sample), "--label", "defaulted"]
    assert new_pipeline.main(arguments) == 1
    assert name in capsys.readouterr().err


Change = Callable[[str], str]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: "", "is empty"),
        (lambda text: text.replace("defaulted", "gone"), "has no column 'defaulted'"),
        (lambda text: text.replace("bad", "good"), "1 different values, and a model predicts"),
    ],
)
def test_a_sample_of_which_no_model_can_be_made_is_refused(
    change: Change, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = tmp_path / "sample.csv"
    sample.write_text(change(as_csv(BINARY)))
    assert new_pipeline.main(["loans", "--from", str(sample), "--label", "defaulted"]) == 1
    assert sentence in capsys.readouterr().err
