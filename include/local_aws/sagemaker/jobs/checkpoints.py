"""Folders of a container that are copied to S3 while it runs, such as checkpoints."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from ...core.s3_encryption import Encryption
from ...core.s3_files import download_prefix, key_below, split_uri
from ...core.store import Doc
from ...core.untrusted_files import Folder
from .cluster import Host
from .paths import below_opt_ml

UNSETTLED = (OSError, BotoCoreError, Boto3Error, ClientError)
EVERY = 0.5  # real seconds between two scans for new checkpoints
DEFAULT = "/opt/ml/checkpoints"
UNFINISHED = ".sagemaker-ignore"  # suffix of files that AWS's XGBoost image renames once complete


class Mirror:
    """One folder of an instance and its prefix in S3; new and changed files are uploaded."""

    def __init__(self, s3: Any, uri: str, host: Host, path: str, encryption: Encryption) -> None:
        self._s3 = s3
        self._encryption = encryption
        self._uri = uri
        self._host = host
        self._path = path
        self._sent: dict[str, tuple[int, int, int]] = {}

    def download(self) -> None:
        with self._open(create=True) as folder:
            download_prefix(self._s3, self._uri, folder, self._host.volume)
            self._sent = {entry.path: entry.version for entry in folder.files()}

    def upload_running(self) -> None:
        """Upload while the container runs: files may change or disappear meanwhile."""
        with contextlib.suppress(*UNSETTLED):  # the next scan, or the last one, uploads the rest
            self.upload()

    def upload(self) -> None:
        """Upload new and changed files; nothing if the container has removed the folder."""
        try:
            folder = self._open()
        except OSError:
            return
        bucket, prefix = split_uri(self._uri)
        with folder:
            for entry in folder.files():
                if entry.path.endswith(UNFINISHED):
                    continue
                if self._sent.get(entry.path) != entry.version:
                    with folder.open(entry.path) as file:
                        key = key_below(prefix, entry.path)
                        self._s3.upload_fileobj(file, bucket, key, ExtraArgs=self._encryption)
                    self._sent[entry.path] = entry.version

    def _open(self, *, create: bool = False) -> Folder:
        with Folder.at(self._host.root) as root:
            return root.folder(self._path, create=create)


class Checkpoints:
    """The checkpoints of a job; without a CheckpointConfig nothing is copied."""

    def __init__(
        self, s3: Any, config: Doc | None, hosts: list[Host], encryption: Encryption
    ) -> None:
        path = checkpoint_path(config or {})
        self._mirrors = [
            Mirror(s3, config["S3Uri"], host, path, encryption) for host in hosts if config
        ]

    def download(self) -> None:
        """Download the checkpoints of an earlier run to a new instance."""
        for mirror in self._mirrors:
            mirror.download()

    def upload(self) -> None:
        for mirror in self._mirrors:
            mirror.upload()

    async def keep(self) -> None:
        await keep(self._mirrors)


async def keep(mirrors: list[Mirror]) -> None:
    """Upload repeatedly, until cancelled."""
    while mirrors:
        await asyncio.sleep(EVERY)
        for mirror in mirrors:
            await asyncio.to_thread(mirror.upload_running)


def checkpoint_path(config: Doc) -> str:
    """Return the path of checkpoints relative to /opt/ml; refuse one outside of it."""
    return below_opt_ml(config.get("LocalPath", DEFAULT), "CheckpointConfig.LocalPath")
