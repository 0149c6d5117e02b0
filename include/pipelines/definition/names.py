"""Names of pipelines, which are also those of endpoints, experiments and folders."""

from __future__ import annotations

import re

from include.pipelines.errors import PipelineError

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


def check_name(name: str) -> None:
    """Refuse a name that a DAG, a folder or an endpoint could not have."""
    if not NAME.fullmatch(name):
        raise PipelineError(
            f"A pipeline cannot be called {name!r}: write lower case letters, digits and "
            "underscores, a letter first, 32 at most."
        )
