"""Do the stages of preprocessing by Spark's executors, a task for each file.

Executors open the files where they lie, by Arrow. Summaries and hashes of keys come back as rows of
a data frame: the driver merges the summaries, and Spark counts the hashes.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ..tabular.duplicates import EXAMINED
from ..tabular.engine import Json, Stage, Work, Worker
from ..tabular.hashing import Hashes
from ..tabular.schema import Schema
from ..tabular.sources import Role, Source

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

GIVEN = "number int, file string, role string, argument string"
RESULTS = "number int, result string, hash bigint"
COLUMNS = pa.schema([("number", pa.int32()), ("result", pa.string()), ("hash", pa.int64())])
HASHES = 1 << 16  # in a batch of rows
SIGN = np.uint64(1 << 63)  # Spark's integers have a sign: with it, their order is that of hashes


class Spark:
    """The engine of a Spark session; *raw* is a folder or a prefix of S3 that all executors see."""

    def __init__(
        self, session: SparkSession, schema: Schema, raw: str, files: Sequence[str], output: Path
    ) -> None:
        self.raw = raw
        self.files = files
        self._session = session
        self._document = schema.document
        self._output = str(output)
        self._summaries: DataFrame | None = None

    def run(self, stage: Stage, work: Sequence[Work]) -> Iterator[Json]:
        task = _task(stage, self._document, self.raw, self._output)
        frame = self._frame(work).mapInArrow(task, RESULTS)
        if stage != Stage.SUMMARIZE:
            return (json.loads(row["result"]) for row in frame.collect())
        self._summaries = frame.persist(_on_disk())
        self._summaries.count()  # all files at once: their summaries then come one after the other
        summaries = self._summaries.where("result is not null")
        rows = summaries.toLocalIterator(prefetchPartitions=True)
        return (json.loads(row["result"]) for row in rows)

    def repeated(self) -> tuple[Hashes, int]:
        """Return the first of the hashes that occurred more than once, and the surplus of all."""
        none = np.empty(0, np.uint64)
        if self._summaries is None:
            return none, 0
        counts = self._summaries.where("hash is not null").groupBy("hash").count()
        again = counts.where("count > 1").persist()
        (surplus,) = again.selectExpr("sum(count - 1)").collect()[0]
        if not surplus:
            return none, 0
        first = again.orderBy("hash").limit(EXAMINED + 1).collect()
        return np.array([row["hash"] for row in first], np.int64).view(np.uint64) ^ SIGN, surplus

    def _frame(self, work: Sequence[Work]) -> DataFrame:
        """Return a row for each file, in a partition of its own."""
        rows = [
            (source.number, source.file, source.role.value, json.dumps(argument))
            for source, argument in work
        ]
        distributed = self._session.sparkContext.parallelize(rows, len(rows))
        return self._session.createDataFrame(distributed, GIVEN)


def _on_disk() -> Any:
    from pyspark import StorageLevel

    return StorageLevel.DISK_ONLY


def _task(
    stage: Stage, document: Json, raw: str, output: str
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return the function that executors call with the rows of their files."""
    name = stage.value

    def perform(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for row in batch.to_pylist():
                yield from results(name, document, raw, output, row)

    return perform


def results(
    stage: str, document: Json, raw: str, output: str, row: Json
) -> Iterator[pa.RecordBatch]:
    """Yield the result of a stage for one file, and the hashes of its keys."""
    with tempfile.TemporaryFile() as kept:
        worker = Worker(Schema.of(document), Path(output), lambda part: _keep(kept, part))
        source = Source(raw, row["file"], row["number"], Role(row["role"]))
        result = worker.do(Stage(stage), source, json.loads(row["argument"]))
        yield _batch(row["number"], [json.dumps(result)], [None])
        kept.seek(0)
        while content := kept.read(8 * HASHES):
            hashes = (np.frombuffer(content, np.uint64) ^ SIGN).view(np.int64)
            yield _batch(row["number"], [None] * len(hashes), hashes)


def _keep(file: Any, hashes: Hashes) -> None:
    file.write(hashes.tobytes())


def _batch(number: int, texts: Sequence[str | None], hashes: Any) -> pa.RecordBatch:
    columns = [
        pa.array([number] * len(texts), pa.int32()),
        pa.array(texts, pa.string()),
        pa.array(hashes, pa.int64()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=COLUMNS)
