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
import json
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from ..drift.container import INSTANCES, leave
from .contract import served_schema
from .outputs import REPORT, VIOLATIONS
from .schema import Schema
from .scoring import write_keyed_records
from .sources import labelled_sources
from .violations import Violations
from .window import ALL, BadData, Share, prepare


def split(
    schema: Schema,
    raw: Path,
    output: Path,
    holdout_from: datetime | None = None,
    holdout_rows: int = 1,
) -> str:
    """Write the data sets of a window; return how many rows they have."""
    sources = labelled_sources(raw, holdout_from)
    rows = prepare(schema, sources, output, holdout_rows, share_of(INSTANCES))
    return ", ".join(f"{rows[name]} {use}" for name, use in USES.items())


def share_of(instances: Path) -> Share:
    """Return this instance's share of the work; all of it outside of a job."""
    if not instances.is_file():
        return ALL
    stated = json.loads(instances.read_text())
    hosts = sorted(stated["hosts"])
    return Share(hosts.index(stated["current_host"]), len(hosts))


USES = {"train": "rows to train on", "validation": "to validate", "holdout": "held out"}


def reported(work: Callable[[], str], output: Path) -> int:
    """Do the job's work; report its outcome, and return the exit code."""
    violations = Violations()
    try:
        message = work()
    except BadData as error:
        violations, message = error.violations, str(error)
    except ValueError as error:
        traceback.print_exc()
        message = str(error)
        violations.counts["window"] += 1
    violations.write(output / VIOLATIONS / REPORT)
    print(message, *violations.lines(), sep="\n", file=sys.stderr if violations else sys.stdout)
    leave(message)
    return int(bool(violations))


def schema_of(job: str) -> Schema:
    """Return the SCHEMA of another job folder."""
    schema: Schema = importlib.import_module(f"..{job}.schema", __package__).SCHEMA
    return schema


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["split", "records"])
    parser.add_argument("--schema", type=schema_of, required=True)
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--holdout-from", type=datetime.fromisoformat)
    parser.add_argument("--holdout-rows", type=int, default=1)
    parser.add_argument("--contract", type=Path, metavar="DIR", help="of the model's contract.json")
    given = parser.parse_args()
    schema, raw, output = given.schema, given.raw, given.output
    if given.command == "split":
        holdout = given.holdout_from, given.holdout_rows
        return reported(lambda: split(schema, raw, output, *holdout), output)
    served = served_schema(schema, given.contract) if given.contract else schema
    return reported(lambda: write_keyed_records(served, raw, output), output)


if __name__ == "__main__":
    sys.exit(main())
