"""Do the stages of a job on several instances: the first one distributes files and merges.

Every instance reads the files that it has and writes their parts of the data sets. The first one
gets summaries and hashes of keys, in place of rows.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from .cluster import Cluster, gathered
from .connection import Connection, Json, Lost
from .engine import Stage, Work, Worker
from .hashing import Hashes
from .keys import KeyLog
from .partitions import files_below
from .schema import Schema

PARTING = 10.0  # seconds for the others to receive how the job ends


class Leader:
    """The engine of the first of several instances."""

    def __init__(self, cluster: Cluster, schema: Schema, raw: Path, output: Path) -> None:
        self.raw = f"{raw}/"
        self._cluster = cluster
        self._keys = KeyLog()
        self._worker = Worker(schema, output, self._keys.add)
        self._others: list[Connection] = []
        self._owned: dict[Connection | None, set[str]] = {None: set(files_below(raw))}

    def __enter__(self) -> Leader:
        return self

    def __exit__(self, *error: object) -> None:
        for connection in self._others:
            connection.close()
        self._keys.close()

    def connected(self) -> Leader:
        """Wait for the other instances; raise ValueError without all of them and their files."""
        self._others = gathered(self._cluster)
        self._owned |= {connection: _files_of(connection) for connection in self._others}
        return self

    @property
    def files(self) -> Sequence[str]:
        return [*set().union(*self._owned.values())]

    def run(self, stage: Stage, work: Sequence[Work]) -> Iterator[Json]:
        pool = ThreadPoolExecutor(len(self._owned))
        with _Results() as results:
            for connection, share in self._shares(work).items():
                done = pool.submit(self._do, connection, stage, share, results)
                done.add_done_callback(results.finish)
            for source, _ in work:
                yield results.take(source.number)
            results.wait(len(self._owned))
        pool.shutdown()

    def repeated(self) -> tuple[Hashes, int]:
        return self._keys.repeated()

    def end(self, code: int, message: str) -> None:
        """Have all instances end as this one does, and wait until they have."""
        for connection in self._others:
            try:
                connection.send({"code": code, "message": message})
            except Lost as lost:
                print(lost)
        deadline = time.monotonic() + PARTING
        for connection in self._others:
            connection.drain(deadline)

    def _shares(self, work: Sequence[Work]) -> dict[Connection | None, list[Work]]:
        """Return the work of each instance: a file goes to the least busy one that has it."""
        shares: dict[Connection | None, list[Work]] = {owner: [] for owner in self._owned}
        for one in work:
            owners = [owner for owner in shares if one[0].file in self._owned[owner]]
            shares[min(owners, key=lambda owner: len(shares[owner]))].append(one)
        return shares

    def _do(
        self, connection: Connection | None, stage: Stage, share: list[Work], results: _Results
    ) -> None:
        if connection is None:
            numbers = (source.number for source, _ in share)
            for number, result in zip(numbers, self._worker.run(stage, share), strict=True):
                results.put(number, result)
        else:
            self._delegate(connection, stage, share, results)

    def _delegate(
        self, connection: Connection, stage: Stage, share: list[Work], results: _Results
    ) -> None:
        connection.send({"stage": stage.value, "work": [*map(_stated, share)]})
        while True:
            message = connection.receive()
            if not isinstance(message, dict):
                self._keys.add(message)
            elif "number" in message:
                results.put(message["number"], message["result"])
            elif reason := message.get("failed"):
                raise Lost(connection.peer, f"it failed ({reason})")
            else:
                return


def _files_of(connection: Connection) -> set[str]:
    message = connection.receive_json()
    if refusal := message["refused"]:
        raise ValueError(refusal)
    return set(message["files"])


def _stated(one: Work) -> Json:
    source, argument = one
    return {
        "file": source.file,
        "number": source.number,
        "role": source.role.value,
        "argument": argument,
    }


class _Results:
    """The results of a stage, which wait on disk for those of earlier files."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._folder = tempfile.TemporaryDirectory(prefix="results-")
        self._present: set[int] = set()
        self._finished = 0
        self._error: BaseException | None = None

    def __enter__(self) -> _Results:
        return self

    def __exit__(self, *error: object) -> None:
        self._folder.cleanup()

    def put(self, number: int, result: Json) -> None:
        self._path(number).write_text(json.dumps(result))
        with self._changed:
            self._present.add(number)
            self._changed.notify()

    def finish(self, share: Future[None]) -> None:
        """Note that one instance has done its share, or why it has not."""
        with self._changed:
            self._finished += 1
            self._error = self._error or share.exception()
            self._changed.notify()

    def take(self, number: int) -> Json:
        """Wait for a result, and return it; raise the error of an instance."""
        self._await(lambda: number in self._present)
        path = self._path(number)
        result: Json = json.loads(path.read_text())
        path.unlink()
        return result

    def wait(self, instances: int) -> None:
        """Wait until all instances have done their shares."""
        self._await(lambda: self._finished == instances)

    def _await(self, there: Callable[[], bool]) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._error or there())
            if self._error:
                raise self._error

    def _path(self, number: int) -> Path:
        return Path(self._folder.name) / f"{number}.json"
