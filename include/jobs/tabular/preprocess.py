"""The Processing job: raw files in; data sets, baseline and the model's preprocessing out.

`run.py tabular.preprocess split --schema churn --raw DIR --output DIR`: the holdout is the newest
partition, or all from `--holdout-from` on, which no model has seen; medians come from the training
rows alone. Data that break a rule end the job, and are listed in `violations/violations.json`.
`run.py tabular.preprocess records --schema churn --raw DIR --contract DIR --output DIR`: new rows
as records for a batch transform, with the columns of the model that will score them.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..drift.container import INSTANCES, leave
from .cluster import Cluster, cluster_of
from .connection import Lost
from .contract import served_schema
from .engine import Alone, Engine
from .follower import follow
from .leader import Leader
from .listing import refuse_replaced
from .outputs import REPORT, VIOLATIONS
from .schema import Schema
from .scoring import write_keyed_records
from .sources import labelled_sources
from .violations import Violations
from .window import BadData, prepare


def split(
    schema: Schema,
    engine: Engine,
    output: Path,
    holdout_from: datetime | None = None,
    holdout_rows: int = 1,
) -> str:
    """Write the data sets of a window; return how many rows they have."""
    sources = labelled_sources(engine.raw, engine.files, holdout_from)
    rows = prepare(schema, engine, sources, output, holdout_rows)
    return ", ".join(f"{rows[name]} {use}" for name, use in USES.items())


USES = {"train": "rows to train on", "validation": "to validate", "holdout": "held out"}


@dataclass(frozen=True)
class Outcome:
    """The end of a job: its exit code and its exit message."""

    code: int
    message: str


def reported(work: Callable[[], str], output: Path) -> Outcome:
    """Do the job's work; report and return its outcome."""
    violations = Violations()
    try:
        message = work()
    except BadData as error:
        violations, message = error.violations, str(error)
    except ValueError as error:
        traceback.print_exc()
        message = str(error)
        violations.counts["instances" if isinstance(error, Lost) else "window"] += 1
    violations.write(output / VIOLATIONS / REPORT)
    print(message, *violations.lines(), sep="\n", file=sys.stderr if violations else sys.stdout)
    leave(message)
    return Outcome(int(bool(violations)), message)


def alone(given: argparse.Namespace, *holdout: Any) -> int:
    """Do the job on its only instance; return its exit code."""

    def work() -> str:
        refuse_replaced(given.raw, given.listing)
        return split(given.schema, engine, given.output, *holdout)

    with Alone(given.schema, given.raw, given.output) as engine:
        return reported(work, given.output).code


def led(cluster: Cluster, given: argparse.Namespace, *holdout: Any) -> int:
    """Do the job as the first of several instances; return the exit code of all."""

    def work() -> str:
        engine.connected()
        refuse_replaced(given.raw, given.listing)
        return split(given.schema, engine, given.output, *holdout)

    with Leader(cluster, given.schema, given.raw, given.output) as engine:
        outcome = reported(work, given.output)
        engine.end(outcome.code, outcome.message)
    if outcome.code:  # without an instance, threads may still read files
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(outcome.code)
    return outcome.code


def scorable(given: argparse.Namespace) -> str:
    """Write records to score; return the job's exit message."""
    refuse_replaced(given.raw, given.listing)
    served = served_schema(given.schema, given.contract) if given.contract else given.schema
    return write_keyed_records(served, given.raw, given.output)


def schema_of(job: str) -> Schema:
    """Return the SCHEMA of another job folder."""
    schema: Schema = importlib.import_module(f"..{job}.schema", __package__).SCHEMA
    return schema


def arguments(description: str | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("command", choices=["split", "records"])
    parser.add_argument("--schema", type=schema_of, required=True)
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--listing", type=Path, metavar="DIR", help="of what the run has listed")
    parser.add_argument("--holdout-from", type=datetime.fromisoformat)
    parser.add_argument("--holdout-rows", type=int, default=1)
    parser.add_argument("--contract", type=Path, metavar="DIR", help="of the model's contract.json")
    return parser.parse_args()


def main() -> int:
    given = arguments(__doc__)
    schema, raw, output = given.schema, given.raw, given.output
    if given.command == "records":
        return reported(lambda: scorable(given), output).code
    holdout = given.holdout_from, given.holdout_rows
    cluster = cluster_of(INSTANCES)
    if cluster is None:
        return alone(given, *holdout)
    if cluster.leads:
        return led(cluster, given, *holdout)
    return follow(cluster, schema, raw, output, given.listing)


if __name__ == "__main__":
    sys.exit(main())
