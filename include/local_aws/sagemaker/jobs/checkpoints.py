"""Folders of a container that are kept in S3 while it runs: checkpoints above all."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from ...containers.sandbox import OPT_ML
from ...core.s3_files import download_prefix, files_in, split_uri

Doc = dict[str, Any]
UNSETTLED = (OSError, BotoCoreError, Boto3Error, ClientError)
EVERY = 0.5  # real seconds between two looks for new checkpoints


class Mirror:
    """One folder and its prefix in S3; what is new or has changed is sent."""

    def __init__(self, s3: Any, uri: str, folder: Path) -> None:
        self._s3 = s3
        self._uri = uri
        self._folder = folder
        self._sent: dict[Path, tuple[int, int]] = {}

    def download(self) -> None:
        download_prefix(self._s3, self._uri, self._folder)
        self._sent = {path: _stamp(path) for path in files_in(self._folder)}

    def upload_running(self) -> None:
        """While the container works in the folder: files may change or go as they are sent."""
        with contextlib.suppress(*UNSETTLED):  # the next look, or the last one, sends the rest
            self.upload()

    def upload(self) -> None:
        bucket, prefix = split_uri(self._uri)
        for path in files_in(self._folder):
            if self._sent.get(path) != (stamp := _stamp(path)):
                key = f"{prefix.rstrip('/')}/{path.relative_to(self._folder).as_posix()}"
                self._s3.upload_file(str(path), bucket, key.lstrip("/"))
                self._sent[path] = stamp


class Checkpoints:
    """One job's CheckpointConfig; without one nothing happens."""

    def __init__(self, s3: Any, config: Doc | None, roots: list[Path]) -> None:
        config = config or {}
        local = config.get("LocalPath", f"{OPT_ML}/checkpoints").removeprefix(OPT_ML).strip("/")
        self._mirrors = [Mirror(s3, config["S3Uri"], root / local) for root in roots if config]

    def download(self) -> None:
        """What an earlier run left: a new instance begins with it."""
        for mirror in self._mirrors:
            mirror.download()

    def upload(self) -> None:
        for mirror in self._mirrors:
            mirror.upload()

    async def keep(self) -> None:
        await keep(self._mirrors)


async def keep(mirrors: list[Mirror]) -> None:
    """Upload again and again, until cancelled."""
    while mirrors:
        await asyncio.sleep(EVERY)
        for mirror in mirrors:
            await asyncio.to_thread(mirror.upload_running)


def _stamp(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_mtime_ns, state.st_size
