"""The reference of commands, from the Makefile and the programs' own help."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable

from include import aws_environment, mwaa, preflight
from include.data import cut
from include.documentation.tables import code, table
from include.local_aws import __main__ as local_aws
from include.new_pipeline import __main__ as new_pipeline
from include.settings import ROOT

TARGET = re.compile(r"^([a-z-]+):.*?## (.*)$", re.MULTILINE)
PROGRAMS: dict[str, Callable[[list[str]], object]] = {
    "The embedded AWS": local_aws.parsed,
    "Write the environment of a stack": aws_environment.main,
    "Check an AWS account": preflight.main,
    "Write the folder of Amazon MWAA": mwaa.main,
    "Write the files of a new pipeline": new_pipeline.main,
    "Cut a data set into weekly files": cut.main,
}


def page() -> str:
    """Return the page's Markdown."""
    targets = TARGET.findall((ROOT / "Makefile").read_text())
    rows = [(code(f"make {name}"), meaning[:1].upper() + meaning[1:]) for name, meaning in targets]
    parts = ["# Commands", "## make", table(("command", "what it does"), rows)]
    for title, program in PROGRAMS.items():
        parts += [f"## {title}", f"```\n{_help(program)}```"]
    return "\n\n".join(parts)


def _help(program: Callable[[list[str]], object]) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        program(["--help"])
    return printed.getvalue()
