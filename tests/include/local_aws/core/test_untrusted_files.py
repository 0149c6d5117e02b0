"""Folders that a job wrote to: neither reads nor writes follow links there."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.local_aws.core.untrusted_files import BadPath, Folder, parts_of, remove_tree


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    folder = tmp_path / "host"
    folder.mkdir()
    (folder / "key").write_text("the host's own")
    return folder


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Folder]:
    (tmp_path / "job").mkdir()
    with Folder.at(tmp_path / "job") as folder:
        yield folder


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/etc/passwd", "absolute"),
        ("a/../../b", "'..'"),
        ("a/./b", "'.'"),
        ("a\0b", "NUL"),
        ("é" * 128, "255 bytes"),
        ("//", "absolute"),
        ("", "is empty"),
    ],
)
def test_a_path_that_is_not_below_a_folder_is_refused(path: str, wrong: str) -> None:
    with pytest.raises(BadPath, match=wrong):
        parts_of(path)


def test_empty_components_are_one_slash() -> None:
    assert parts_of("a//b/") == ("a", "b")


def test_links_are_followed_neither_as_files_nor_as_folders(
    tmp_path: Path, job: Folder, secret: Path
) -> None:
    (tmp_path / "job" / "file").symlink_to(secret / "key")
    (tmp_path / "job" / "folder").symlink_to(secret)
    assert job.read("file", 100) is None
    assert job.read("folder/key", 100) is None
    assert list(job.files()) == []
    for path in ("file", "folder/key", "folder/new"):
        with pytest.raises(OSError, match=r"Too many levels|Not a directory"):
            job.create(path)
    assert (secret / "key").read_text() == "the host's own"
    assert os.listdir(secret) == ["key"]


def test_a_folder_is_not_opened_through_a_link(tmp_path: Path, secret: Path) -> None:
    (tmp_path / "link").symlink_to(secret)
    (secret / "below").mkdir()
    for path in (tmp_path / "link", tmp_path / "link" / "below"):
        with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
            Folder.at(path)


def test_a_pipe_or_a_socket_is_refused_without_blocking(tmp_path: Path, job: Folder) -> None:
    os.mkfifo(tmp_path / "job" / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "job" / "socket"))
    assert job.read("pipe", 10) is None
    assert list(job.walk()) == []
    with pytest.raises(OSError, match=r"pipe|device"):
        job.create("pipe")


def test_files_are_made_with_their_folders_and_found_in_order(job: Folder) -> None:
    for path in ("b/c/d", "a"):
        with job.create(path) as file:
            file.write(path.encode())
    assert [entry.path for entry in job.walk()] == ["a", "b", "b/c", "b/c/d"]
    assert job.read("b/c/d", 3) == b"b/c"


def test_a_job_cannot_keep_its_folder_from_being_removed(tmp_path: Path) -> None:
    """Neither by a tree deeper than Python's recursion nor by a mode that forbids reading."""
    at = tmp_path / "job"
    at.mkdir()
    (at / "closed").mkdir(mode=0o000)
    descriptor = os.open(at, os.O_RDONLY)
    for _ in range(2000):
        os.mkdir("d", dir_fd=descriptor)
        below = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    remove_tree(at)
    assert not at.exists()
    remove_tree(at)
