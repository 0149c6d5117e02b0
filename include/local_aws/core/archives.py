"""Gzipped tar archives: pack folders that jobs wrote, unpack untrusted archives.

Crafted archives bypass Python's own filters before 3.11.13. Here a member is written
below a folder descriptor that follows no link, so that nothing in an archive leads out of it.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import posixpath
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO, cast

from .untrusted_files import BadPath, Entry, Folder
from .volume import Volume, VolumeFull

CHUNK = 1 << 20
HEADER = 16 << 10  # bytes of one extended header: paths have at most 4,096
BACK = 1 << 10  # most bytes that tarfile seeks back; more means a negative member size
DAMAGED = (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, RecursionError)


class BadArchive(ValueError):
    """Raised for an archive that is damaged or would leave its folder; the message says why."""


def unpack(file: BinaryIO, target: Folder, volume: Volume) -> None:
    """Extract the gzipped tar archive *file* below *target*; raise BadArchive.

    :raises VolumeFull: The unpacked data do not fit into *volume*.
    """
    try:
        with gzip.open(file) as unzipped:
            reader = _Reader(cast(IO[bytes], unzipped))
            with tarfile.open(fileobj=cast(IO[bytes], reader), mode="r:") as archive:
                while member := archive.next():
                    _write(member, reader, target, volume)
                    archive.members = []  # type: ignore[attr-defined]  # tarfile keeps each of up to a million members in memory
    except (VolumeFull, BadArchive):
        raise
    except BadPath as error:
        raise BadArchive(str(error)) from None
    except DAMAGED as error:
        raise BadArchive(f"It is not a valid tar.gz archive: {error}") from None


def pack(folders: list[tuple[Folder, tuple[str, ...]]], file: BinaryIO) -> None:
    """Write one archive of *folders* to *file*; of two files with the same path the first wins.

    A link that leads to a place in its folder is kept as a link; any other is left out.

    :param folders: Each folder with the absolute paths under which the job saw it.
    """
    taken: dict[str, bool] = {}  # path -> whether it is a folder
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as archive:
        for folder, names in folders:
            for entry in folder.walk():
                if _free(entry, taken):
                    taken[entry.path] = entry.is_folder
                    _add(archive, folder, names, entry)


def inside(link: str, target: str, names: tuple[str, ...] = ()) -> str | None:
    """Return where *link* leads, relative to it; None if that is outside of its folder.

    :param names: The absolute paths of the folder, for a *target* that is absolute.
    """
    above = posixpath.dirname(link)
    for name in names:
        if target.startswith(f"{name}/"):
            target = posixpath.relpath(target.removeprefix(f"{name}/"), above or ".")
    whole = posixpath.normpath(posixpath.join(above, target))
    leaves = target.startswith("/") or whole.split("/")[0] == ".."
    return None if leaves or "\0" in target else target


def _write(member: tarfile.TarInfo, reader: _Reader, target: Folder, volume: Volume) -> None:
    path = member.name.removeprefix("./").rstrip("/")
    if path in ("", "."):
        return
    volume.take_file()
    if member.isdir():
        target.folder(path, create=True).close()
    elif member.isreg() and not member.issparse():
        volume.take(member.size)
        with target.create(path, 0o755 if member.mode & 0o100 else 0o644) as file:
            for chunk in reader.data(member):
                file.write(chunk)
    elif member.issym():
        if inside(path, member.linkname) is None:
            raise BadArchive(f"The link {path!r} leads out of its folder, to {member.linkname!r}.")
        target.link(path, member.linkname)
    elif member.islnk():
        _copy(target, member.linkname.removeprefix("./"), path, volume)
    else:
        raise BadArchive(f"{path!r} is neither a file, a folder nor a link.")


def _copy(target: Folder, source: str, path: str, volume: Volume) -> None:
    """Write a hard link as a separate file."""
    with target.open(source) as original, target.create(path) as file:
        while chunk := original.read(CHUNK):
            volume.take(len(chunk))
            file.write(chunk)


def _free(entry: Entry, taken: dict[str, bool]) -> bool:
    """Return whether the path of *entry* is free, and each folder above it is a folder."""
    above = posixpath.dirname(entry.path)
    return entry.path not in taken and (not above or taken.get(above, False))


def _add(archive: tarfile.TarFile, folder: Folder, names: tuple[str, ...], entry: Entry) -> None:
    member = tarfile.TarInfo(entry.path)
    member.mode, member.mtime = entry.state.st_mode & 0o755, int(entry.state.st_mtime)
    if entry.is_folder:
        member.type = tarfile.DIRTYPE
        archive.addfile(member)
    elif entry.is_link:
        with contextlib.suppress(OSError):
            if target := inside(entry.path, folder.read_link(entry.path), names):
                member.type, member.linkname = tarfile.SYMTYPE, target
                archive.addfile(member)
    else:
        with contextlib.suppress(FileNotFoundError), folder.open(entry.path) as file:
            member.size = os.fstat(file.fileno()).st_size
            archive.addfile(member, file)


class _Reader:
    """Reads the unzipped bytes for tarfile: forward only, in small pieces."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        position = self._file.tell()
        if whence != os.SEEK_SET or not position - BACK <= offset:
            raise tarfile.ReadError("a member has a negative size")
        while (ahead := offset - self._file.tell()) > 0:
            if not self._file.read(min(ahead, CHUNK)):
                break
        return self._file.tell() if offset >= position else self._file.seek(offset)

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= HEADER:
            raise tarfile.ReadError(f"a header has {size} bytes")
        return self._file.read(size)

    def data(self, member: tarfile.TarInfo) -> Iterator[bytes]:
        """Yield the bytes of a regular file."""
        self.seek(member.offset_data)
        left = member.size
        while left > 0:
            chunk = self._file.read(min(left, CHUNK))
            if not chunk:
                raise EOFError("it ends in the middle of a file")
            left -= len(chunk)
            yield chunk
