"""Check, split and encode a window in Spark: `smspark-submit run.py spark.preprocess split ...`.

The arguments are those of `tabular.preprocess split`. The folder of `--raw` has a manifest of
objects of S3, which executors read there; without a manifest, it has the raw files themselves.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..tabular.listing import read_listing, refuse_replaced_objects
from ..tabular.partitions import files_below
from ..tabular.preprocess import arguments, reported, split
from .engine import Spark
from .start import SAID

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

JOBS = Path(__file__).parents[1]
OPTIONS = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
CREDENTIALS = ("AWS_", "PRODML_")  # prefixes of the variables that executors need


def listed(folder: Path) -> tuple[str, list[str]]:
    """Return where the raw files lie, and their paths below that."""
    for manifest in sorted(folder.glob("*manifest*.json")):
        first, *files = json.loads(manifest.read_text())
        return first["prefix"], files
    return f"{folder}/", files_below(folder)


@contextmanager
def session() -> Iterator[SparkSession]:
    """Yield a session whose executors can import these modules and reach AWS."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("preprocess")
    for name, value in OPTIONS.items():
        builder = builder.config(name, value)
    for name, value in os.environ.items():
        if name.startswith(CREDENTIALS):
            builder = builder.config(f"spark.executorEnv.{name}", value)
    spark = builder.getOrCreate()
    try:
        spark.sparkContext.setLogLevel("WARN")
        partitions = 2 * spark.sparkContext.defaultParallelism
        spark.conf.set("spark.sql.shuffle.partitions", str(partitions))
        spark.sparkContext.addPyFile(str(_packed(Path(os.environ.get("TMPDIR", "/tmp")))))  # noqa: S108
        yield spark
    finally:
        spark.stop()


def _packed(folder: Path) -> Path:
    """Return an archive of the package of jobs, as executors import it."""
    path = folder / "prodml-jobs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("jobs/__init__.py", "")
        for module in sorted(JOBS.glob("*/*.py")):
            archive.write(module, f"jobs/{module.relative_to(JOBS).as_posix()}")
    return path


def _done(given: argparse.Namespace, engine: Spark) -> str:
    """Write the data sets of objects that are the listed ones before and afterwards."""
    listed = read_listing(given.listing).values() if given.listing else ()
    refuse_replaced_objects(engine.raw, listed)
    holdout = given.holdout_from, given.holdout_rows
    said = split(given.schema, engine, given.output, *holdout)
    refuse_replaced_objects(engine.raw, listed)
    return said


def main() -> int:
    given = arguments(__doc__)
    raw, files = listed(given.raw)
    with session() as spark:
        engine = Spark(spark, given.schema, raw, files, given.output)
        outcome = reported(lambda: _done(given, engine), given.output)
    if SAID.parent.is_dir():
        SAID.write_text(outcome.message)
    return outcome.code


if __name__ == "__main__":
    sys.exit(main())
