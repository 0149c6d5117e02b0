"""The command writes files that are well formed, that work, and that replace nothing."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from include.jobs.tabular.schema import Schema
from include.new_pipeline import __main__ as new_pipeline
from include.new_pipeline.files import texts
from include.new_pipeline.guesses import guesses
from include.new_pipeline.sample import read
from include.settings import ROOT
from tests.include.new_pipeline.samples import (
    BINARY,
    MULTICLASS,
    ODD,
    REGRESSION,
    Cells,
    as_csv,
    written,
)

SAMPLES: dict[str, tuple[Cells, str, str]] = {
    "loans": (BINARY, "defaulted", "loans.csv"),
    "iris_flowers": (MULTICLASS, "species", "iris.csv.gz"),
    "homes": (REGRESSION, "price", "homes.csv"),
    "a_pipeline_of_the_longest_name_x": (ODD, "Ziel", "odd.csv"),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project's code, without the embedded AWS."""
    root = tmp_path / "project"
    ignored = shutil.ignore_patterns("local_aws", "demo", "*.npy", "__pycache__", "ui")
    for name in ("include", "plugins"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    return root


def test_what_is_written_is_formatted_and_has_no_lint(tmp_path: Path) -> None:
    """Imports are sorted by modules that are there, which a folder of new files alone has not."""
    for name, (columns, label, file) in SAMPLES.items():
        made = guesses(read(written(tmp_path / file, columns)), label, None, None)
        for path, text in texts(name, made).items():
            (tmp_path / "project" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "project" / path).write_text(text)
    project = tmp_path / "project"
    shutil.copy(ROOT / "pyproject.toml", project)
    for command in (["format", "--check"], ["check", "--ignore", "I001"]):
        ruff = [sys.executable, "-m", "ruff", *command, "."]
        done = subprocess.run(ruff, cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


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


@pytest.mark.parametrize("name", ["churn", "Loans", "class"])
def test_a_name_that_no_pipeline_can_have_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = written(tmp_path / "loans.csv", BINARY)
    arguments = [name, "--from", str(sample), "--label", "defaulted"]
    assert new_pipeline.main(arguments) == 1
    assert name in capsys.readouterr().err


def schema_of(text: str, folder: Path) -> Schema:
    path = folder / "schema.py"
    path.write_text(text.replace("..tabular", "include.jobs.tabular"))
    schema: Schema = runpy.run_path(str(path))["SCHEMA"]
    return schema


@pytest.mark.parametrize("name", SAMPLES)
def test_the_schema_in_the_file_is_the_one_that_was_guessed(name: str, tmp_path: Path) -> None:
    columns, label, file = SAMPLES[name]
    made = guesses(read(written(tmp_path / file, columns)), label, None, None)
    files = texts(name, made)
    assert schema_of(files[f"include/jobs/{name}/schema.py"], tmp_path) == made.schema


Change = Callable[[str], str]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace(",", ";"), "is separated by ';'. Export it again with commas"),
        (lambda text: text.partition("\n")[2], "where its header should be"),
        (lambda text: text.replace("region", ""), "has a column without a name, number 4"),
        (lambda text: text.replace("region", "paid"), "has column 'paid' twice"),
        (lambda text: text + "L999,1\n", "line 62: 2 cells, and the header has 6"),
        (lambda text: text.partition("\n")[0] + "\n", "has no rows below its header"),
        (lambda text: "", "is empty"),
        (lambda text: text.replace("defaulted", "gone"), "has no column 'defaulted'"),
        (lambda text: text.replace("bad", "good"), "1 different values, and a model predicts"),
    ],
)
def test_a_sample_of_which_no_model_can_be_made_is_refused(
    change: Change, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = tmp_path / "sample.csv"
    text = change(as_csv(BINARY))
    if "header should" in sentence:
        text = "\n".join(f"{row},{row * 2},0" for row in range(9))
    sample.write_text(text)
    assert new_pipeline.main(["loans", "--from", str(sample), "--label", "defaulted"]) == 1
    assert sentence in capsys.readouterr().err
