"""moto's S3 on disk: bodies are files opened per call, metadata is saved before an answer.

moto itself keeps bodies in anonymous temporary files, one descriptor each, lost at the end.
"""

from __future__ import annotations

import errno
import logging
import mmap
import os
import pickle
import threading
import time
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


class Objects:
    """The directory of bodies. What is closed goes only once no saved snapshot names it."""

    root = Path()
    closed: list[str] = []  # noqa: RUF012  (one directory, one process)

    @classmethod
    def sweep(cls, names: list[str]) -> None:
        for name in names:
            (cls.root / name).unlink(missing_ok=True)


class DiskBuffer:
    """The part of SpooledTemporaryFile that moto uses, holding no descriptor between calls."""

    def __init__(self, name: str | None = None, *, borrowed: bool = False) -> None:
        self.name = name or uuid.uuid4().hex
        self._borrowed = borrowed
        self._position = 0

    @property
    def path(self) -> Path:
        return Objects.root / self.name

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> None:
        end = self.path.stat().st_size if whence == os.SEEK_END and self.path.exists() else 0
        self._position = end + offset

    def tell(self) -> int:
        return self._position

    def truncate(self) -> None:
        Objects.root.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(b"")

    def write(self, data: bytes | Joined) -> None:
        """Write all of *data*, or leave no file that takes up what is left of a full disk."""
        Objects.root.mkdir(parents=True, exist_ok=True)
        try:
            with self.path.open("r+b" if self.path.exists() else "wb") as file:
                file.seek(self._position)
                file.writelines(data.blocks() if isinstance(data, Joined) else [data])
                self._position = file.tell()
        except OSError:
            self.path.unlink(missing_ok=True)
            raise

    def read(self, size: int = -1) -> bytes:
        with self.path.open("rb") as file:
            file.seek(self._position)
            data = file.read(size)
            self._position = file.tell()
            return data

    def close(self) -> None:
        if not self._borrowed:
            Objects.closed.append(self.name)


class Joined:
    """Several bodies as one, which is never in memory whole."""

    def __init__(self, bodies: list[DiskBuffer]) -> None:
        self._paths = [body.path for body in bodies]

    def __len__(self) -> int:
        return sum(path.stat().st_size for path in self._paths)

    def blocks(self) -> Iterator[bytes]:
        for path in self._paths:
            with path.open("rb") as file:
                yield from iter(partial(file.read, BLOCK), b"")


class DiskFiles:
    """Stands in for the `tempfile` module inside moto.s3.models."""

    @staticmethod
    def SpooledTemporaryFile(*_: Any, **__: Any) -> DiskBuffer:  # noqa: N802  (moto's name for it)
        return DiskBuffer()


LARGE = 1 << 20
BLOCK = 1 << 20  # bytes that are held at once where a body is copied


class Asked(threading.local):
    """Whether this thread answers a request for a range: moto cuts it out of the whole body."""

    for_range = False


asked = Asked()


def _value(key: Any) -> bytes | mmap.mmap:
    """An object's body; of a large one, only what a range needs is read from the disk."""
    path: Path = key._value_buffer.path
    if not asked.for_range or path.stat().st_size < LARGE:
        return path.read_bytes()
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _state(key: Any) -> dict[str, Any]:
    state = {k: v for k, v in key.__dict__.items() if k not in ("lock", "_value_buffer")}
    return state | {"_body": key._value_buffer.name}


def _restore(key: Any, state: dict[str, Any], *, borrowed: bool = False) -> None:
    key._value_buffer = DiskBuffer(state["_body"], borrowed=borrowed)
    key.__dict__.update({k: v for k, v in state.items() if k != "_body"})
    key.lock = threading.Lock()


def _copy(key: Any, _: dict[int, Any]) -> Any:
    """moto copies keys to list their versions; disposing of the copy must leave the body alone."""
    kind: Any = type(key)
    copied = kind.__new__(kind)
    _restore(copied, _state(key) | {"multipart": None}, borrowed=True)
    return copied


# By account and partition: buckets by name, and the tags of all of them.
Saved = dict[tuple[str, str], tuple[dict[str, Any], Any]]


class Snapshot:
    """The buckets of every account, written atomically; one save serves all who wait for it."""

    def __init__(self, root: Path, backends: Any) -> None:
        """Keep moto's *backends*: by account, then by partition."""
        self._path = root / "buckets.pickle"
        self._backends = backends
        self._turn = threading.Condition()
        self._asked = self._saved = self._failed = 0
        self._error: OSError | None = None

    def load(self) -> None:
        if self._path.exists():
            saved: Saved = pickle.loads(self._path.read_bytes())  # noqa: S301
            for (account, partition), (buckets, tagger) in saved.items():
                backend = self._backends[account][partition]
                backend.tagger = tagger
                backend.buckets.update(buckets)
                owner = (partition, account)
                self._backends.bucket_accounts.update(dict.fromkeys(buckets, owner))
        named = self._pickled()
        Objects.sweep([n for n in os.listdir(Objects.root) if n.encode() not in named])

    @property
    def problem(self) -> str | None:
        """Return why the last save failed, if it did."""
        return f"S3's buckets cannot be saved: {self._error}." if self._error else None

    def commit(self) -> None:
        """Return once everything up to now is on disk; raises OSError when it is not."""
        with self._turn:
            self._asked += 1
            mine = self._asked
            self._turn.notify_all()
            self._turn.wait_for(lambda: max(self._saved, self._failed) >= mine)
            if self._saved < mine and self._error:
                raise OSError(self._error.errno, self._error.strerror)

    def keep_saving(self) -> None:
        """Save whenever it is asked for; a save that fails costs those who wait for it."""
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._asked > max(self._saved, self._failed))
                asked = self._asked
            error = self._outcome()
            with self._turn:
                self._error = error
                if error:
                    self._failed = asked
                else:
                    self._saved = asked
                self._turn.notify_all()

    def _outcome(self) -> OSError | None:
        try:
            self._save()
        except OSError as error:
            return error
        except Exception as error:
            log.exception("S3's buckets could not be saved.")
            return OSError(errno.EIO, str(error))
        return None

    def _save(self) -> None:
        gone, Objects.closed = Objects.closed, []
        partial = self._path.with_suffix(".partial")
        try:
            partial.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(self._pickled())
            partial.replace(self._path)
        except BaseException:
            Objects.closed += gone  # a snapshot on disk may name them still
            raise
        Objects.sweep(gone)

    def _pickled(self) -> bytes:
        while True:
            try:
                return pickle.dumps(self._state())
            except RuntimeError:  # a dict changed meanwhile; whoever changed it waits for us
                time.sleep(0.001)

    def _state(self) -> Saved:
        return {
            (account, partition): (dict(backend.buckets), backend.tagger)
            for account, partitions in self._backends.items()
            for partition, backend in partitions.items()
            if backend.buckets
        }


def _answer_ranges_in_bytes() -> None:
    """moto answers the whole body to a range that it does not understand."""
    from moto.s3.responses import S3Response

    cut = S3Response._handle_range_header

    def in_bytes(self: Any, request: Any, headers: Any, content: Any) -> tuple[int, Any, bytes]:
        status, headers, body = cut(self, request, headers, content)
        return status, headers, bytes(body)

    S3Response._handle_range_header = in_bytes


def persistent_s3(root: Path) -> Snapshot:
    """Point moto's S3 at *root* and read back what is there."""
    import moto.s3.models as s3

    Objects.root = root / "objects"
    Objects.root.mkdir(parents=True, exist_ok=True)
    s3.tempfile = DiskFiles
    s3.FakeKey.__getstate__, s3.FakeKey.__setstate__ = _state, _restore
    s3.FakeKey.__deepcopy__ = _copy
    s3.FakeKey.value = property(_value, s3.FakeKey.value.fset)
    _answer_ranges_in_bytes()
    snapshot = Snapshot(root, s3.s3_backends)
    snapshot.load()
    return snapshot
