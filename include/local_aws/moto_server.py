"""moto's WSGI app with its S3 kept on disk: `python -m include.local_aws.moto_server PORT DIR ACCOUNT`.

moto keeps object bodies in anonymous temporary files, one descriptor each, lost at the end. Here
bodies are files that are opened per call, and the metadata is written down as it changes.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

SNAPSHOT_EVERY = 0.5  # seconds; what a kill -9 can lose
ROLE = "prodml"


class DiskBuffer:
    """The part of SpooledTemporaryFile that moto uses, holding no descriptor between calls."""

    root = Path()

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or self.root / uuid.uuid4().hex
        self._position = 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> None:
        end = self.path.stat().st_size if whence == os.SEEK_END and self.path.exists() else 0
        self._position = end + offset

    def tell(self) -> int:
        return self._position

    def truncate(self) -> None:
        self.path.write_bytes(b"")

    def write(self, data: bytes) -> None:
        with self.path.open("r+b" if self.path.exists() else "wb") as file:
            file.seek(self._position)
            file.write(data)
            self._position = file.tell()

    def read(self, size: int = -1) -> bytes:
        with self.path.open("rb") as file:
            file.seek(self._position)
            data = file.read(size)
            self._position = file.tell()
            return data

    def close(self) -> None:
        self.path.unlink(missing_ok=True)


class DiskFiles:
    """Stands in for the `tempfile` module inside moto.s3.models."""

    @staticmethod
    def SpooledTemporaryFile(*_: Any, **__: Any) -> DiskBuffer:  # noqa: N802  (moto's name for it)
        return DiskBuffer()


def _key_state(key: Any) -> dict[str, Any]:
    state = {k: v for k, v in key.__dict__.items() if k not in ("lock", "_value_buffer")}
    return state | {"_path": key._value_buffer.path}


def _restore_key(key: Any, state: dict[str, Any]) -> None:
    key._value_buffer = DiskBuffer(state.pop("_path"))
    key.__dict__.update(state)
    key.lock = threading.Lock()


class Snapshot:
    """The S3 backend's buckets, written atomically whenever a request has changed them."""

    def __init__(self, root: Path, backend: Any) -> None:
        self._path = root / "buckets.pickle"
        self._backend = backend
        self._lock = threading.Lock()
        self.changed = threading.Event()

    def load(self, owners: dict[str, Any], account: str) -> None:
        if not self._path.exists():
            return
        buckets, self._backend.tagger = pickle.loads(self._path.read_bytes())  # noqa: S301  (ours)
        self._backend.buckets.update(buckets)
        owners.update({name: ("aws", account) for name in buckets})

    def save(self) -> None:
        with self._lock:
            self.changed.clear()
            state = pickle.dumps((dict(self._backend.buckets), self._backend.tagger))
            partial = self._path.with_suffix(".partial")
            partial.write_bytes(state)
            partial.replace(self._path)

    def keep_saving(self) -> None:
        pause = threading.Event()
        while True:
            self.changed.wait()
            try:
                self.save()
            except RuntimeError:  # a dict changed while it was pickled: the next round has it
                self.changed.set()
            pause.wait(SNAPSHOT_EVERY)


def persistent_s3(root: Path, account: str) -> Snapshot:
    """Point moto's S3 at *root* and read back what is there."""
    import moto.s3.models as s3

    DiskBuffer.root = root / "objects"
    DiskBuffer.root.mkdir(parents=True, exist_ok=True)
    s3.tempfile = DiskFiles
    s3.FakeKey.__getstate__, s3.FakeKey.__setstate__ = _key_state, _restore_key
    snapshot = Snapshot(root, s3.s3_backends[account]["aws"])
    snapshot.load(s3.s3_backends.bucket_accounts, account)
    return snapshot


def make_role(account: str) -> None:
    """The execution role that a fresh account has; on AWS an administrator makes it."""
    from moto.iam.models import iam_backends

    service = {"Service": "sagemaker.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam_backends[account]["aws"].create_role(ROLE, policy, "/", None, "", [], "3600")


def serve(port: int, root: Path, account: str) -> None:
    os.environ["MOTO_ACCOUNT_ID"] = account  # read when moto is imported
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    snapshot = persistent_s3(root, account)
    make_role(account)
    app = DomainDispatcherApplication(create_backend_app)

    def watching(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        response: Iterable[bytes] = app(environ, start)
        if environ["REQUEST_METHOD"] in ("PUT", "POST", "DELETE"):
            snapshot.changed.set()
        return response

    def stop(*_: Any) -> None:
        snapshot.save()
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server says when
    threading.Thread(target=snapshot.keep_saving, daemon=True).start()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    make_server("127.0.0.1", port, watching, threaded=True).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
