"""Malicious archives: no member is written outside, and little of them is read."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.local_aws.core.archives import BadArchive, inside, pack, unpack
from include.local_aws.core.untrusted_files import Folder
from include.local_aws.core.volume import Volume, VolumeFull

Made = tuple[str, bytes, str, bytes]  # name, type, link name, content


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Folder]:
    (tmp_path / "job").mkdir()
    with Folder.at(tmp_path / "job") as folder:
        yield folder


def made(*members: Made) -> io.BytesIO:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, kind, link, content in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.size = kind, link, len(content)
            archive.addfile(member, io.BytesIO(content))
    buffer.seek(0)
    return buffer


def file(name: str, content: bytes = b"x") -> Made:
    return (name, tarfile.REGTYPE, "", content)


def link(name: str, target: str) -> Made:
    return (name, tarfile.SYMTYPE, target, b"")


def paths(folder: Folder) -> list[str]:
    return [entry.path for entry in folder.walk()]


@pytest.mark.parametrize(
    "members",
    [
        [file("../out")],
        [file("/tmp/out")],
        [link("a", ".."), file("a/out")],
        [link("a", "/tmp")],
        [link("a", "b/../.."), file("a/out")],
        [link("a", "b"), link("b", "a"), file("a/out")],
        [("a", tarfile.DIRTYPE, "", b""), link("b", "a"), file("b/out")],
        [("a", tarfile.LNKTYPE, "../../etc/passwd", b"")],
        [("a", tarfile.LNKTYPE, "/etc/passwd", b"")],
        [("a", tarfile.FIFOTYPE, "", b"")],
        [("a", tarfile.CHRTYPE, "", b"")],
        [file("a"), file("a/b")],
        [file("n" * 256)],
    ],
)
def test_paths_that_leave_the_folder_are_refused(
    members: list[Made], target: Folder, tmp_path: Path
) -> None:
    with pytest.raises(BadArchive):
        unpack(made(*members), target, Volume(1 << 20))
    assert os.listdir(tmp_path) == ["job"]
    assert not Path("/tmp/out").exists()


def test_realpath_overflow_does_not_hide_where_a_link_leads(target: Folder, tmp_path: Path) -> None:
    """CVE-2025-4517: a chain of links longer than PATH_MAX passes Python's filter="data"."""
    step, members, path = "d" * 247, [], ""
    for letter in "abcdefghijklmnop":
        members += [(path + step, tarfile.DIRTYPE, "", b""), link(path + letter, step)]
        path += f"{step}/"
    far = "/".join("abcdefghijklmnop") + "/" + "l" * 254
    members += [link(far, "../" * 16), link("escape", f"{far}/../../out")]
    with pytest.raises(BadArchive):
        unpack(made(*members, file("escape")), target, Volume(1 << 20))
    assert os.listdir(tmp_path) == ["job"]


def test_files_folders_and_links_inside_are_unpacked(target: Folder) -> None:
    members = [file("./a/b", b"deep"), link("a/c", "b"), ("d", tarfile.LNKTYPE, "a/b", b"")]
    unpack(made(*members), target, Volume(1 << 20))
    assert paths(target) == ["a", "a/b", "a/c", "d"]
    assert target.read("d", 10) == b"deep"
    assert target.read_link("a/c") == "b"


def test_archive_of_a_whole_folder_begins_with_the_folder(target: Folder) -> None:
    """`tar -czf model.tar.gz .` writes it so."""
    unpack(made(("./", tarfile.DIRTYPE, "", b""), file("./a")), target, Volume(1 << 20, files=1))
    assert paths(target) == ["a"]


def test_a_bomb_is_refused_before_it_is_written(target: Folder) -> None:
    with pytest.raises(VolumeFull, match="Raise VolumeSizeInGB"):
        unpack(made(file("zeros", bytes(5 << 20))), target, Volume(4 << 20))
    assert paths(target) == []


def test_many_files_are_refused(target: Folder) -> None:
    with pytest.raises(VolumeFull, match="too many files"):
        unpack(made(*(file(str(n)) for n in range(9))), target, Volume(1 << 20, files=8))


def test_a_header_of_megabytes_is_not_read(target: Folder) -> None:
    """The extended header of one member, which tarfile would hold in memory and search."""
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 64 << 20
    packed = gzip.compress(header.tobuf() + bytes(64 << 20), 1)
    with pytest.raises(BadArchive, match="a header has"):
        unpack(io.BytesIO(packed), target, Volume(1 << 30))


def test_a_negative_size_does_not_turn_back(target: Folder) -> None:
    """CVE-2025-8194: tarfile reads the same members for ever."""
    member = tarfile.TarInfo("x")
    member.size = 512
    block = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    block[124:136] = b"\xff" * 10 + b"\xfc\x00"  # -1024 in base 256
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    with pytest.raises((BadArchive, VolumeFull)):
        unpack(io.BytesIO(gzip.compress(bytes(block) * 8)), target, Volume(1 << 20))


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"not an archive",
        made(file("a", b"y" * 9000)).read()[:60],
        gzip.compress(gzip.decompress(made(file("a", b"y" * 9000)).read())[:2000]),
    ],
    ids=["empty", "text", "cut-off", "cut-off-before-it-was-packed"],
)
def test_a_damaged_archive_is_named_so(damage: bytes, target: Folder) -> None:
    with pytest.raises(BadArchive, match="not a valid tar"):
        unpack(io.BytesIO(damage), target, Volume(1 << 20))


@pytest.mark.parametrize(
    ("at", "to", "expected"),
    [
        ("latest", "step-5", "step-5"),
        ("a/latest", "../step-5", "../step-5"),
        ("a/latest", "../../etc", None),
        ("latest", "/etc/passwd", None),
        ("a/latest", "/opt/ml/model/step-5", "../step-5"),
        ("latest", "/opt/ml/model/../../../etc", None),
    ],
)
def test_where_a_link_leads(at: str, to: str, expected: str | None) -> None:
    assert inside(at, to, ("/opt/ml/model",)) == expected


def test_two_folders_become_one_archive_without_the_targets_of_links(tmp_path: Path) -> None:
    (tmp_path / "host").write_text("the host's own")
    for name, files in {"one": {"a": "1", "both": "1"}, "two": {"both": "2", "a/b": "2"}}.items():
        for path, text in files.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_text(text)
    (tmp_path / "one" / "out").symlink_to(tmp_path / "host")
    (tmp_path / "one" / "latest").symlink_to("a")
    packed = io.BytesIO()
    with Folder.at(tmp_path / "one") as one, Folder.at(tmp_path / "two") as two:
        pack([(one, ()), (two, ())], packed)
    packed.seek(0)
    with tarfile.open(fileobj=packed) as archive:
        assert archive.getnames() == ["a", "both", "latest"]
        both = archive.extractfile("both")
        assert both is not None
        assert both.read() == b"1"
