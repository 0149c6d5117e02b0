"""A processing instance's outputs: to S3 at the end of the job, or while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...core.s3_files import upload_folder, written
from .checkpoints import Mirror, keep

Doc = dict[str, Any]


class Outputs:
    """The folders that one instance writes to; *folders* are their places by LocalPath."""

    def __init__(self, s3: Any, wanted: list[Doc], root: Path, folders: dict[str, Path]) -> None:
        self._s3 = s3
        self._root = root
        self._folders = folders
        self._at_end = [o for o in wanted if o["S3UploadMode"] == "EndOfJob"]
        self._mirrors = [
            Mirror(s3, o["S3Uri"], folders[o["LocalPath"]])
            for o in wanted
            if o["S3UploadMode"] == "Continuous"
        ]
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)

    async def keep(self) -> None:
        """Upload what is Continuous, until cancelled."""
        await keep(self._mirrors)

    def finish(self) -> None:
        for mirror in self._mirrors:
            mirror.upload()
        for output in self._at_end:
            relative = self._folders[output["LocalPath"]].relative_to(self._root).as_posix()
            if folder := written(self._root, relative):
                upload_folder(self._s3, folder, output["S3Uri"])
