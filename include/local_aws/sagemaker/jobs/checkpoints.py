"""Folders of a container that are kept in S3 while it runs: checkpoints above all."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from ...core.s3_files import download_prefix, key_below, split_uri
from ...core.store import Doc
from ...core.untrusted_files import Folder
from .cluster import Host
from .paths import below_opt_ml

UNSETTLED = (OSError, BotoCoreError, Boto3Error, ClientError)
EVERY = 0.5  # real seconds between two looks for new checkpoints
DEFAULT = "/opt/ml/checkpoints"


class Mirror:
    """One folder of an instance and its prefix in S3; what is new or has changed is sent."""

    def __init__(self, s3: Any, uri: str, host: Host, path: str) -> None:
        self._s3 = s3
        self._uri = uri
        self._host = host
        self._path = path
        self._sent: dict[str, tuple[int, int, int]] = {}

    def download(self) -> None:
        with self._open(create=True) as folder:
            download_prefix(self._s3, self._uri, folder, self._host.volume)
            self._sent = {entry.path: entry.version for entry in folder.files()}

    def upload_running(self) -> None:
        """While the container works in the folder: files may change or go as they are sent."""
        with contextlib.suppress(*UNSETTLED):  # the next look, or the last one, sends the rest
            self.upload()

    def upload(self) -> None:
        """Send what is new; a container that has removed the folder left nothing to be sent."""
        try:
            folder = self._open()
        except OSError:
            return
        bucket, prefix = split_uri(self._uri)
        with folder:
            for entry in folder.files():
                if self._sent.get(entry.path) != entry.version:
                    with folder.open(entry.path) as file:
                        key = key_below(prefix, entry.path)
                        self._s3.upload_fileobj(file, bucket, key)
                    self._sent[entry.path] = entry.version

    def _open(self, *, create: bool = False) -> Folder:
        with Folder.at(self._host.root) as root:
            return root.folder(self._path, create=create)


class Checkpoints:
    """One job's CheckpointConfig; without one nothing happens."""

    def __init__(self, s3: Any, config: Doc | None, hosts: list[Host]) -> None:
        path = checkpoint_path(config or {})
        self._mirrors = [Mirror(s3, config["S3Uri"], host, path) for host in hosts if config]

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


def checkpoint_path(config: Doc) -> str:
    """Return where checkpoints are, relative to /opt/ml; raise AwsError for a place outside."""
    return below_opt_ml(config.get("LocalPath", DEFAULT), "CheckpointConfig.LocalPath")
