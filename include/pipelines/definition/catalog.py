"""The pipelines that there are: every module of `include.pipelines` that states one."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

from include.pipelines.definition.pipeline import Pipeline

STATED = "PIPELINE = Pipeline("


@cache
def names() -> tuple[str, ...]:
    """The pipelines by name; a file states one by assigning ``PIPELINE = Pipeline(...)``."""
    files = sorted(Path(__file__).parents[1].glob("*.py"))
    return tuple(path.stem for path in files if f"\n{STATED}" in path.read_text())


def find(name: str) -> Pipeline:
    """The pipeline that ``include/pipelines/<name>.py`` states."""
    if name not in names():
        raise ValueError(
            f"There is no pipeline {name!r}, but {', '.join(names())}. Write "
            f"include/pipelines/{name}.py, or correct the name."
        )
    found: Pipeline = importlib.import_module(f"include.pipelines.{name}").PIPELINE
    if found.name != name:
        raise ValueError(f"include/pipelines/{name}.py states {found.name!r}. Give both one name.")
    return found
