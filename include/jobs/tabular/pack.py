"""The Processing job that packs a model into one container: `run.py tabular.pack --input --output`.

It joins the archives of a preprocessing and of a trained model, which has its script's code, to a
model.tar.gz that :mod:`.packed_model` serves: the same bytes for the same archives.
"""

from __future__ import annotations

import argparse
import gzip
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .archive import JOBS, NAME, PACKAGE, PROGRAM
from .packed_model import CODE, TRAINED

PREPROCESSING = "preprocessing"
PACKED = "packed"
FOLDERS = {PREPROCESSING: "", TRAINED: f"{TRAINED}/"}
REQUIREMENTS = f"{CODE}/requirements.txt"  # where the image installs them from
PROGRAMS = {
    f"{CODE}/packed_model.py": PROGRAM.format("packed_model", f"{PACKAGE}.tabular.packed_model"),
    f"{CODE}/{PACKAGE}/tabular/packed_model.py": (JOBS / "tabular" / "packed_model.py").read_text(),
}


def pack(parts: Path, target: Path) -> None:
    """Write the archive of what the folders of *parts* hold to *target*."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        target.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed,
        tarfile.open(mode="w", fileobj=packed, format=tarfile.GNU_FORMAT) as tar,
    ):
        for folder, place in FOLDERS.items():
            for path in sorted((parts / folder).glob("*.tar.gz")):
                _copy(path, place, tar)
        for name, text in PROGRAMS.items():
            content = text.encode()
            _add(tar, name, len(content), io.BytesIO(content))


def _copy(path: Path, place: str, tar: tarfile.TarFile) -> None:
    """Add the files of the archive at *path* below *place*, without owners and times."""
    with tarfile.open(path) as archive:
        members = sorted((m for m in archive if m.isfile()), key=lambda member: member.name)
        for member in members:
            for name in _names(member.name, place):
                _add(tar, name, member.size, archive.extractfile(member))


def _names(member: str, place: str) -> Iterator[str]:
    name = member.removeprefix("./")
    yield f"{place}{name}"
    if place and name == REQUIREMENTS:
        yield REQUIREMENTS


def _add(tar: tarfile.TarFile, name: str, size: int, content: IO[bytes] | None) -> None:
    described = tarfile.TarInfo(name)
    described.size = size
    tar.addfile(described, content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    given = parser.parse_args()
    pack(given.input, given.output / PACKED / NAME)


if __name__ == "__main__":
    main()
