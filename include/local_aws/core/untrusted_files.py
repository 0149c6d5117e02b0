"""Files in folders that a job can write to: no link that it made there is ever followed.

Everything is opened relative to the descriptor of a folder, one component at a time, with
O_NOFOLLOW. A path that is checked first and opened afterwards can be replaced in between.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
PASSING = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a FIFO must not block
WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
NAME_SIZE = 255  # bytes that a file name may have
DEPTH = 100  # levels of folders that are walked: each holds a descriptor


class BadPath(ValueError):
    """Raised for a path that cannot be a place below a folder; the message names it."""


@dataclass(frozen=True)
class Entry:
    """One file or link below a folder, by its path from there."""

    path: str
    state: os.stat_result

    @property
    def is_file(self) -> bool:
        return stat.S_ISREG(self.state.st_mode)

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.state.st_mode)

    @property
    def is_link(self) -> bool:
        return stat.S_ISLNK(self.state.st_mode)

    @property
    def version(self) -> tuple[int, int, int]:
        """Return a value that changes when the file is written again or replaced."""
        return self.state.st_mtime_ns, self.state.st_size, self.state.st_ino


def parts_of(path: str) -> tuple[str, ...]:
    """Return the components of the relative *path*; raise BadPath if it can lead elsewhere."""
    if path.startswith("/"):
        raise BadPath(f"{path!r} is an absolute path, which would leave the job's folder.")
    parts = tuple(part for part in path.split("/") if part)
    for part in parts:
        if part in (".", ".."):
            raise BadPath(f"{path!r} has {part!r} in it, which would leave the job's folder.")
        if "\0" in part:
            raise BadPath(f"{path!r} has a NUL character in it, which no file name can hold.")
        if len(os.fsencode(part)) > NAME_SIZE:
            raise BadPath(f"{path!r} has a name of more than {NAME_SIZE} bytes: shorten it.")
    if not parts:
        raise BadPath(f"{path!r} is empty; give the path of a file.")
    return parts


class Folder:
    """An open folder; use it as a context manager, or call `close`."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    def at(cls, path: Path) -> Folder:
        """Open the folder *path*, which must be absolute and without a link in it."""
        passing = os.open("/", PASSING)
        for part in path.parts[1:-1]:
            passing = _below(passing, part, PASSING)
        return cls(_below(passing, path.name, DIRECTORY))

    def __enter__(self) -> Folder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        os.close(self.descriptor)

    def folder(self, path: str, *, create: bool = False) -> Folder:
        """Open the folder *path* below this one; *create* makes those that are missing."""
        return self._folder(parts_of(path), create)

    def open(self, path: str) -> BinaryIO:
        """Open the regular file *path* to read it; raise OSError for anything else."""
        *above, name = parts_of(path)
        with self._folder(above, create=False) as folder:
            descriptor = os.open(name, READ, dir_fd=folder.descriptor)
        return os.fdopen(_regular(descriptor, path), "rb")

    def read(self, path: str, limit: int) -> bytes | None:
        """Return the first *limit* bytes of the file *path*; None if there is no such file."""
        try:
            with self.open(path) as file:
                return file.read(limit)
        except OSError:
            return None

    def create(self, path: str, mode: int = 0o644) -> BinaryIO:
        """Open *path* for writing, truncated, and create the folders above it."""
        *above, name = parts_of(path)
        with self._folder(above, create=True) as folder:
            descriptor = os.open(name, WRITE, mode, dir_fd=folder.descriptor)
        return os.fdopen(_regular(descriptor, path), "wb")

    def link(self, path: str, target: str) -> None:
        """Make *path* a symbolic link to *target*, which this class never follows."""
        *above, name = parts_of(path)
        with self._folder(above, create=True) as folder:
            os.symlink(target, name, dir_fd=folder.descriptor)

    def read_link(self, path: str) -> str:
        *above, name = parts_of(path)
        with self._folder(above, create=False) as folder:
            return os.readlink(name, dir_fd=folder.descriptor)

    def walk(self) -> Iterator[Entry]:
        """Yield everything below, by name, a folder before its entries.

        Entries that disappear during the walk, that are not a file, folder or link, or that are
        deeper than DEPTH are skipped.
        """
        yield from self._walk(self.descriptor, "", 0)

    def files(self) -> Iterator[Entry]:
        return (entry for entry in self.walk() if entry.is_file)

    def give_to(self, user: int, group: int) -> None:
        """Make *user* the owner of this folder and of everything below."""
        os.chown(self.descriptor, user, group)
        for entry in list(self.walk()):
            *above, name = entry.path.split("/")
            with self._folder(above, create=False) as folder:
                os.chown(name, user, group, dir_fd=folder.descriptor, follow_symlinks=False)

    def _folder(self, parts: list[str] | tuple[str, ...], create: bool) -> Folder:
        descriptor = os.dup(self.descriptor)
        for part in parts:
            if create:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, dir_fd=descriptor)
            descriptor = _below(descriptor, part, DIRECTORY)
        return Folder(descriptor)

    def _walk(self, descriptor: int, above: str, depth: int) -> Iterator[Entry]:
        for name in sorted(os.listdir(descriptor)):
            try:
                state = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            except FileNotFoundError:
                continue
            entry = Entry(f"{above}{name}", state)
            if not (entry.is_file or entry.is_link or entry.is_folder):
                continue
            yield entry
            if entry.is_folder and depth < DEPTH:
                yield from self._walk_into(descriptor, name, f"{entry.path}/", depth + 1)

    def _walk_into(self, parent: int, name: str, above: str, depth: int) -> Iterator[Entry]:
        try:
            descriptor = os.open(name, DIRECTORY, dir_fd=parent)
        except OSError:
            return
        try:
            yield from self._walk(descriptor, above, depth)
        finally:
            os.close(descriptor)


def remove_tree(path: Path) -> None:
    """Remove the folder *path*, of any depth and with any modes of its folders."""
    try:
        shutil.rmtree(path)
    except FileNotFoundError:
        return
    except (OSError, RecursionError):  # neither program follows a link below *path*
        for command in (("chmod", "-R", "u+rwx"), ("rm", "-rf")):
            subprocess.run([*command, "--", str(path)], capture_output=True, check=False)


def _below(parent: int, name: str, flags: int) -> int:
    """Open *name* in the folder *parent*, and close *parent*."""
    try:
        return os.open(name, flags, dir_fd=parent)
    finally:
        os.close(parent)


def _regular(descriptor: int, path: str) -> int:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path!r} is not a regular file.")
    return descriptor
