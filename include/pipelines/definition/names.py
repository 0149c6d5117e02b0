"""Check names of pipelines, which are also those of endpoints, experiments and modules."""

from __future__ import annotations

import re
from keyword import iskeyword
from pathlib import Path

from include.pipelines.errors import PipelineError

NAME = re.compile(r"[a-z](_*[a-z0-9])*")
LONGEST = 32
PACKAGES = frozenset(path.parent.name for path in Path(__file__).parents[1].glob("*/__init__.py"))
MODULES = frozenset({"errors", "mnist"})
JOBS = frozenset({"mnist_pytorch", "mnist_tensorflow", "run", "spark", "tabular"})
TAKEN = PACKAGES | MODULES | JOBS


def check_name(name: str) -> None:
    """Refuse a name that a DAG, a module, a folder or an endpoint could not have."""
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        raise PipelineError(
            f"A pipeline cannot be called {name!r}: use up to {LONGEST} lower case letters, "
            "digits and underscores, with a letter first and no underscore last."
        )
    if iskeyword(name):
        raise PipelineError(
            f"A pipeline cannot be called {name!r}, a word of Python: its DAG file could not "
            f"import include/pipelines/{name}.py. Choose another name, such as {name}_model."
        )
    if name in TAKEN:
        raise PipelineError(
            f"A pipeline cannot be called {name!r}: include/pipelines or include/jobs has code of "
            f"that name. Choose another name, such as {name}_model."
        )
