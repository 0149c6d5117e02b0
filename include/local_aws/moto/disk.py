"""moto's S3 on disk: bodies are files, and metadata is saved before the response."""

from __future__ import annotations

import errno
import functools
import logging
import mmap
import os
import pickle
import threading
import time
from pathlib import Path
from typing import Any

from .bodies import LARGE, DiskBuffer, DiskFiles, Objects
from .encryption import hide_digests

log = logging.getLogger(__name__)


class CurrentRequest(threading.local):
    """The state of this thread's request: moto cuts a range out of the whole body."""

    for_range = False


current = CurrentRequest()


def _value(key: Any) -> bytes | mmap.mmap:
    """Return an object's body; for a range of a large one a map, to read only the range."""
    path: Path = key._value_buffer.path
    if not current.for_range or path.stat().st_size < LARGE:
        return path.read_bytes()
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _state(key: Any) -> dict[str, Any]:
    state: dict[str, Any] = key.__dict__.copy()
    del state["lock"]
    return state | {"_body": state.pop("_value_buffer").name}


def _restore(key: Any, state: dict[str, Any], *, borrowed: bool = False) -> None:
    key._value_buffer = DiskBuffer(state["_body"], borrowed=borrowed)
    key.__dict__.update({k: v for k, v in state.items() if k != "_body"})
    key.lock = threading.Lock()


def _copy(key: Any, _: dict[int, Any]) -> Any:
    """Copy a key so that deleting the copy keeps the body: moto copies keys to list versions."""
    kind: Any = type(key)
    copied = kind.__new__(kind)
    _restore(copied, _state(key) | {"multipart": None}, borrowed=True)
    return copied


# By account and partition: buckets by name, and the tags of all of them.
Saved = dict[tuple[str, str], tuple[dict[str, Any], Any]]


class Snapshot:
    """The buckets of every account, written atomically; one save serves all waiting requests."""

    def __init__(self, root: Path, backends: Any) -> None:
        """Save moto's *backends*: by account, then by partition."""
        self._path = root / "buckets.pickle"
        self._backends = backends
        self._turn = threading.Condition()
        self._requested = self._saved = self._failed = 0
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
        """Return once all changes are on disk; raise OSError if they cannot be saved."""
        with self._turn:
            self._requested += 1
            mine = self._requested
            self._turn.notify_all()
            self._turn.wait_for(lambda: max(self._saved, self._failed) >= mine)
            if self._saved < mine and self._error:
                raise OSError(self._error.errno, self._error.strerror)

    def keep_saving(self) -> None:
        """Save on request; a failure is raised in the requests that wait for the save."""
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._requested > max(self._saved, self._failed))
                number = self._requested
            error = self._outcome()
            with self._turn:
                self._error = error
                if error:
                    self._failed = number
                else:
                    self._saved = number
                self._turn.notify_all()

    def _outcome(self) -> OSError | None:
        try:
            self._save()
        except OSError as error:
            return error
        except Exception as error:
            log.exception("Saving S3's buckets failed.")
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
            Objects.closed += gone  # a snapshot on disk may still name them
            raise
        Objects.sweep(gone)

    def _pickled(self) -> bytes:
        while True:
            try:
                return pickle.dumps(self._state())
            except RuntimeError:  # a dict changed meanwhile; that request waits for the next save
                time.sleep(0.001)

    def _state(self) -> Saved:
        return {
            (account, partition): (dict(backend.buckets), backend.tagger)
            for account, partitions in self._backends.items()
            for partition, backend in partitions.items()
            if backend.buckets
        }


def _answer_ranges_in_bytes() -> None:
    """Convert ranges to bytes: moto returns the whole body for a range that it cannot parse."""
    from moto.s3.responses import S3Response

    cut = S3Response._handle_range_header

    def in_bytes(self: Any, request: Any, headers: Any, content: Any) -> tuple[int, Any, bytes]:
        status, headers, body = cut(self, request, headers, content)
        return status, headers, bytes(body)

    S3Response._handle_range_header = in_bytes


def persistent_s3(root: Path) -> Snapshot:
    """Store moto's S3 in *root*, and load its buckets from there."""
    import moto.s3.models as s3

    Objects.root = root / "objects"
    Objects.root.mkdir(parents=True, exist_ok=True)
    s3.tempfile = DiskFiles
    s3.FakeKey.__getstate__, s3.FakeKey.__setstate__ = _state, _restore
    s3.FakeKey.__deepcopy__ = _copy
    s3.FakeKey.value = property(_value, s3.FakeKey.value.fset)
    # Equal ACLs are saved once; a request replaces an ACL, and changes none.
    s3.get_canned_acl = functools.cache(s3.get_canned_acl)
    _answer_ranges_in_bytes()
    hide_digests()
    snapshot = Snapshot(root, s3.s3_backends)
    snapshot.load()
    return snapshot
