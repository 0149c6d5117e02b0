"""A copy of the project, in which a test may change pipelines and add new ones."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.root import ROOT

COPIED = (
    "dags",
    "examples",
    "include",
    "plugins",
    "tests/loop",
    "tests/__init__.py",
    "tests/cheap_execution_api.py",
    "tests/cheap_schemas.py",
)
WINE = "include/pipelines/wine.py"
STATED = 'PIPELINE = Pipeline(\n    name="wine",\n'


def copy_project(root: Path) -> Path:
    """Copy what runs a DAG to *root*, and return it."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, root / name)
    return root


def serve_wine(root: Path, imports: str, kind: str) -> None:
    """State the serving *kind* of the pipeline wine in the copy at *root*."""
    path = root / WINE
    text = path.read_text()
    assert STATED in text, f"{WINE} has no {STATED!r}"
    first = "from include.jobs.wine.schema import SCHEMA\n"
    path.write_text(text.replace(STATED, f"{STATED}    {kind}\n").replace(first, imports + first))
