from __future__ import annotations

import os
from pathlib import Path

import pytest

from include.local_aws.moto.bodies import DiskBuffer, Joined, Objects


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the directory of bodies."""
    monkeypatch.setattr(Objects, "root", tmp_path)
    monkeypatch.setattr(Objects, "closed", [])
    return tmp_path


def test_buffer_reads_its_writes_without_a_descriptor(folder: Path) -> None:
    buffer = DiskBuffer()
    buffer.write(b"0123456789")
    buffer.seek(4)
    assert (buffer.read(3), buffer.tell()) == (b"456", 7)
    buffer.seek(0, os.SEEK_END)
    assert buffer.tell() == 10
    assert [path.name for path in folder.iterdir()] == [buffer.name]


def test_body_is_deleted_only_when_swept_and_a_borrowed_one_is_kept(folder: Path) -> None:
    own = DiskBuffer()
    own.write(b"1")
    DiskBuffer(own.name, borrowed=True).close()
    assert Objects.closed == []
    own.close()
    assert Objects.closed == [own.name]
    assert own.path.exists()
    Objects.sweep(Objects.closed)
    assert not own.path.exists()


def test_joined_bodies_are_one(folder: Path) -> None:
    parts = [DiskBuffer(), DiskBuffer()]
    for part, text in zip(parts, (b"ab", b"cde"), strict=True):
        part.write(text)
    joined = Joined(parts)
    assert len(joined) == 5
    whole = DiskBuffer()
    whole.write(joined)
    assert whole.path.read_bytes() == b"abcde"


def test_body_that_does_not_fit_leaves_no_file(folder: Path) -> None:
    buffer = DiskBuffer()
    buffer.path.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        buffer.write(b"1")
    assert list(folder.iterdir()) == []


def test_folder_that_vanished_is_made_again(folder: Path) -> None:
    folder.rmdir()
    buffer = DiskBuffer()
    buffer.write(b"1")
    assert buffer.path.read_bytes() == b"1"
