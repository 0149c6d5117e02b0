"""Write the schema, the pipeline, six DAGs and a test of a new model, from a sample of its data.

`python -m include.new_pipeline NAME --from FILE --label COLUMN` guesses types, vocabularies,
key and personal columns from a CSV file, gzipped or not, or a Parquet file, and says so in
comments. It overwrites nothing, and imports what it has written.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from include.jobs.tabular.schema import SchemaError
from include.new_pipeline.columns import Kind
from include.new_pipeline.errors import SampleError
from include.new_pipeline.files import dag_ids, texts
from include.new_pipeline.guesses import CLASSES, NUMBERS, Guesses, guesses
from include.new_pipeline.sample import read
from include.pipelines.definition.names import check_name
from include.pipelines.errors import PipelineError
from include.settings import ROOT

IMPORTS = """
import importlib, runpy, sys, warnings
warnings.simplefilter("ignore")
name, *dags = sys.argv[1:]
importlib.import_module(f"include.pipelines.{name}")
for dag in dags:
    runpy.run_path(f"dags/{dag}.py")
"""


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Write the files below *root*; return 1 with a sentence if that is not possible."""
    given = _parsed(arguments)
    try:
        check_name(given.name)
        sample = read(given.sample)
        guessed = guesses(sample, given.label, given.key, given.problem)
        files = {root / path: text for path, text in texts(given.name, guessed).items()}
        _write(files)
        _check_imports(given.name, files, root)
    except (SampleError, SchemaError, PipelineError) as error:
        print(error, file=sys.stderr)
        return 1
    print(_report(given.name, guessed, [str(path.relative_to(root)) for path in files]))
    return 0


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m include.new_pipeline", description=__doc__)
    parser.add_argument("name", help="lower case letters, digits and underscores")
    parser.add_argument(
        "--from", dest="sample", type=Path, required=True, metavar="FILE", help="the sample"
    )
    parser.add_argument("--label", required=True, metavar="COLUMN", help="the column to predict")
    parser.add_argument("--key", metavar="COLUMN", help="the column that identifies a row")
    parser.add_argument(
        "--problem", choices=[CLASSES, NUMBERS], help="if the guess by the label is wrong"
    )
    return parser.parse_args(arguments)


def _write(files: Mapping[Path, str]) -> None:
    """Write *files*, or none of them if one exists."""
    if existing := [path for path in files if path.exists()]:
        raise PipelineError(
            f"{existing[0]} exists, and nothing was written. Remove the files of that pipeline, or "
            "choose another name."
        )
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _check_imports(name: str, files: Mapping[Path, str], root: Path) -> None:
    """Import what was written; remove it if that fails."""
    command = [sys.executable, "-c", IMPORTS, name, *dag_ids(name)]
    path = os.pathsep.join([str(root), str(root / "plugins")])
    environment = os.environ | {"PYTHONPATH": path}
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        for file in files:
            file.unlink()
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise PipelineError(
            f"The files of {name!r} cannot be imported and were removed: {lines[-1]} Correct the "
            "sample, or report this."
        )


def _report(name: str, guessed: Guesses, paths: list[str]) -> str:
    kinds = [f"{len(guessed.of(kind))} {kind.value}" for kind in Kind if guessed.of(kind)]
    lines = [
        f"Read {guessed.sample.rows} rows: {', '.join(kinds)}.",
        f"The model is a {_problem(guessed)} of {guessed.label!r}.",
        *_warnings(guessed),
        "Wrote:",
        *(f"  {path}" for path in paths),
        "Next:",
        f"  1. Read the comments in include/jobs/{name}/schema.py, and correct what is wrong.",
        f"  2. .venv/bin/python -m pytest tests/include/pipelines/test_{name}.py",
        f"  3. {_data(name, guessed)}",
        "  4. Trigger initialize_project once more: it makes the experiment and the model group.",
        f"  5. Trigger retrain_{name}; then unpause it, check_{name}_drift and score_{name}_batch.",
        "docs/tutorial/your-own-model.md leads through these steps.",
    ]
    return "\n".join(lines)


def _problem(guessed: Guesses) -> str:
    if guessed.labels is None:
        return "regression"
    return f"classification into {len(guessed.labels)} classes"


def _warnings(guessed: Guesses) -> list[str]:
    blank = guessed.sample.columns[guessed.label].count("")
    if not blank:
        return []
    return [f"Note: {blank} rows have no {guessed.label!r}. Take them out: a retrain refuses them."]


def _data(name: str, guessed: Guesses) -> str:
    """Return the step that brings data into the landing folder."""
    path = guessed.sample.path
    if path.suffix != ".csv":
        suffix = "".join(path.suffixes)
        return (
            f"Put a file for each partition into {name}/ of the landing folder: 2024-01-01{suffix}"
        )
    date = next((c.name for c in guessed.columns if c.is_date), None)
    how = f"--date-column {shlex.quote(date)}" if date else "--weeks 8"
    cut = "python -m include.data.cut"
    return f".venv/bin/{cut} {shlex.quote(str(path))} --pipeline {name} {how}"


if __name__ == "__main__":
    sys.exit(main())
