"""List the pipelines: the modules of `include.pipelines` that define one."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

from include.pipelines.definition.pipeline import Pipeline

STATED = "PIPELINE = Pipeline("


@cache
def names() -> tuple[str, ...]:
    """Return the names of the pipelines; a file defines one by ``PIPELINE = Pipeline(...)``."""
    files = sorted(Path(__file__).parents[1].glob("*.py"))
    return tuple(path.stem for path in files if f"\n{STATED}" in path.read_text())


def resource_names() -> tuple[str, ...]:
    """Return the names that the pipelines give to their resources in SageMaker, each once."""
    pipelines = [find(name) for name in names()]
    named = [name for pipeline in pipelines for name in (pipeline.group, pipeline.endpoint)]
    return tuple(dict.fromkeys(named))


def find(name: str) -> Pipeline:
    """Return the pipeline that ``include/pipelines/<name>.py`` defines."""
    if name not in names():
        raise ValueError(
            f"No pipeline {name!r}. Available: {', '.join(names())}. Create "
            f"include/pipelines/{name}.py, or fix the name."
        )
    pipeline: Pipeline = importlib.import_module(f"include.pipelines.{name}").PIPELINE
    if pipeline.name != name:
        raise ValueError(
            f"include/pipelines/{name}.py defines {pipeline.name!r}. Use the same name for both."
        )
    return pipeline
