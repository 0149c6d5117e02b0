"""Name the partitions of a folder or of an S3 prefix, and list the objects of one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from prodml.aws.s3 import level, objects, split

from include.pipelines.adapters.aws import client
from include.settings import ROOT, settings

COMMITTED = ROOT / "include" / "data"


class Item(NamedTuple):
    """One file or object: its name below the place, and what a listing says of it."""

    name: str
    size: int
    modified: datetime
    tag: str  # the ETag of an object; empty for a file


class Place(Protocol):
    """Hold a pipeline's partitions, as files and folders; an address ends with a slash."""

    @property
    def address(self) -> str: ...

    def names(self) -> Iterator[str]:
        """Yield the names at the first level; that of a folder ends with a slash."""

    def items(self, name: str) -> list[Item]:
        """Return the file *name*, or the files below the folder *name*."""


@dataclass(frozen=True)
class Folder:
    """A folder of this machine."""

    root: Path

    @property
    def address(self) -> str:
        return f"{self.root}/"

    def names(self) -> Iterator[str]:
        if self.root.is_dir():
            for path in sorted(self.root.iterdir()):
                yield f"{path.name}/" if path.is_dir() else path.name

    def items(self, name: str) -> list[Item]:
        path = self.root / name
        paths = sorted(path.rglob("*")) if name.endswith("/") else [path]
        return [self._item(path) for path in paths if path.is_file()]

    def _item(self, path: Path) -> Item:
        facts = path.stat()
        modified = datetime.fromtimestamp(facts.st_mtime, UTC)
        return Item(path.relative_to(self.root).as_posix(), facts.st_size, modified, "")


@dataclass(frozen=True)
class Prefix:
    """A prefix of a bucket, such as `s3://bucket/landing/churn/`."""

    address: str

    def names(self) -> Iterator[str]:
        yield from level(client("s3"), self.address)

    def items(self, name: str) -> list[Item]:
        above = len(split(self.address)[1])
        listed = [
            Item(item["Key"][above:], item["Size"], item["LastModified"], item["ETag"])
            for item in objects(client("s3"), f"{self.address}{name}")
        ]
        if name.endswith("/"):
            return [item for item in listed if not item.name.endswith("/")]
        return [item for item in listed if item.name == name]


def places(pipeline: str) -> list[Place]:
    """Return where a pipeline's partitions are; a partition of a later place overrides another.

    An S3 landing is all there is. The committed samples and a folder are for one machine.
    """
    landing = settings().landing
    if landing.startswith("s3://"):
        return [Prefix(f"{landing.rstrip('/')}/{pipeline}/")]
    return [Folder(COMMITTED / pipeline), Folder(Path(landing) / pipeline)]
