"""A processing instance's outputs: uploaded to S3 at the end of the job, or while it runs."""

from __future__ import annotations

from typing import Any

from ...core.s3_encryption import Encryption
from ...core.s3_files import upload_folder
from ...core.store import Doc
from ...core.untrusted_files import Folder
from .checkpoints import Mirror, keep
from .cluster import Host


class Outputs:
    """The output folders of *host*; *paths* maps LocalPath to the path in its folder."""

    def __init__(
        self,
        s3: Any,
        wanted: list[Doc],
        host: Host,
        paths: dict[str, str],
        encryption: Encryption,
    ) -> None:
        self._s3 = s3
        self._encryption = encryption
        self._host = host
        self._paths = paths
        self._at_end = [o for o in wanted if o["S3UploadMode"] == "EndOfJob"]
        self._mirrors = [
            Mirror(s3, o["S3Uri"], host, paths[o["LocalPath"]], encryption)
            for o in wanted
            if o["S3UploadMode"] == "Continuous"
        ]
        with Folder.at(host.root) as root:
            for path in paths.values():
                root.folder(path, create=True).close()

    async def keep(self) -> None:
        """Upload the Continuous outputs, until cancelled."""
        await keep(self._mirrors)

    def finish(self) -> None:
        """Upload the rest, except folders that the job has removed."""
        for mirror in self._mirrors:
            mirror.upload()
        for output in self._at_end:
            with Folder.at(self._host.root) as root:
                try:
                    folder = root.folder(self._paths[output["LocalPath"]])
                except OSError:
                    continue
                with folder:
                    upload_folder(self._s3, folder, output["S3Uri"], self._encryption)
