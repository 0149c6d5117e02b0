"""The Processing job of digits: `run.py digits.preprocess split|records --raw DIR --output DIR`.

An image is `<partition>/<digit>/<name>.png`: its folder is its label. All images of a partition
become one file of pixels, of which `tabular.preprocess` makes what it makes of any table; the first
container of what serves takes images.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ..tabular.archive import NAME, Programs, medians_of, write_archive
from ..tabular.contract import served_schema
from ..tabular.engine import Alone
from ..tabular.listing import refuse_replaced
from ..tabular.partitions import by_time, files_below
from ..tabular.preprocess import reported, split
from ..tabular.scoring import write_keyed_records
from ..tabular.sources import address_of
from .images import pixels
from .png import BadImage
from .schema import SCHEMA

PROGRAMS = Programs(
    features="digits.images",
    modules=("digits.__init__", "digits.schema", "digits.png", "digits.images"),
)


def write_tables(raw: Path, folder: Path) -> None:
    """Write a CSV file of pixels for each partition of images; raise ValueError for a bad one."""
    address = address_of(f"{raw}/")
    for time, files in by_time(files_below(raw), address):
        with (folder / f"{time:%Y-%m-%d}.csv").open("w", newline="") as table:
            writer = csv.writer(table, lineterminator="\n")
            writer.writerow([SCHEMA.key, SCHEMA.label, *SCHEMA.numbers])
            writer.writerows(_rows(raw, files, address))


def _rows(raw: Path, files: Sequence[str], address: str) -> Iterator[list[object]]:
    for file in files:
        path = raw / file
        try:
            yield [path.stem, path.parent.name, *pixels(path.read_bytes())]
        except BadImage as error:
            raise ValueError(f"{address}{file} cannot be read: {error}") from None


def _done(given: argparse.Namespace, tables: Path) -> str:
    """Run the command on the tables; return the job's exit message."""
    refuse_replaced(given.raw, given.listing)
    write_tables(given.raw, tables)
    if given.command == "records":
        served = served_schema(SCHEMA, given.contract) if given.contract else SCHEMA
        return write_keyed_records(served, tables, given.output)
    with Alone(SCHEMA, tables, given.output) as engine:
        said = split(SCHEMA, engine, given.output, given.holdout_from, given.holdout_rows)
    archive = given.output / "preprocessing" / NAME
    write_archive(SCHEMA, medians_of(archive), archive, PROGRAMS)
    return said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["split", "records"])
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--listing", type=Path, metavar="DIR", help="of what the run has listed")
    parser.add_argument("--holdout-from", type=datetime.fromisoformat)
    parser.add_argument("--holdout-rows", type=int, default=1)
    parser.add_argument("--contract", type=Path, metavar="DIR", help="of the model's contract.json")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        return reported(lambda: _done(given, Path(folder)), given.output).code


if __name__ == "__main__":
    sys.exit(main())
