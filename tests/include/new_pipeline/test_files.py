"""The files of a new pipeline are well formed and have the guessed schema."""

from __future__ import annotations

import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from include.jobs.tabular.schema import Schema
from include.new_pipeline.files import dag_ids, texts
from include.new_pipeline.guesses import guesses
from include.new_pipeline.sample import read
from include.settings import ROOT
from tests.include.new_pipeline.samples import (
    BINARY,
    MULTICLASS,
    ODD,
    REGRESSION,
    Cells,
    guessed,
    written,
)

SAMPLES: dict[str, tuple[Cells, str, str]] = {
    "loans": (BINARY, "defaulted", "loans.csv"),
    "iris_flowers": (MULTICLASS, "species", "iris.csv.gz"),
    "homes": (REGRESSION, "price", "homes.csv"),
    "a_pipeline_of_the_longest_name_x": (ODD, "Ziel", "odd.csv"),
}


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


def test_schema_asks_for_the_personal_columns_of_which_none_is_guessed() -> None:
    text = texts("flowers", guessed(MULTICLASS, "species"))["include/jobs/flowers/schema.py"]
    assert "# personal=(...): name the columns" in text
    text = texts("loans", guessed(BINARY, "defaulted"))["include/jobs/loans/schema.py"]
    assert '#   "customer_email": 60 different texts, too many for a vocabulary' in text


def test_each_dag_has_a_file_of_its_name() -> None:
    files = texts("loans", guessed(BINARY, "defaulted"))
    for dag_id in dag_ids("loans"):
        assert "from include.pipelines.loans import PIPELINE" in files[f"dags/{dag_id}.py"]
    assert len(set(dag_ids("loans"))) == 6
