"""Objects are copied once, with the digests of what was really sent."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from prodml.aws.s3 import read
from prodml.aws.s3_copies import Copies, Digesting, copy_all
from prodml.exceptions import InvalidInputError, MissingObjectError


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Watched:
    """A client of S3 that counts the uploads; *replaced* is what a second download gets."""

    def __init__(self, s3: Any, replaced: bytes | None = None) -> None:
        self._s3, self._replaced = s3, replaced
        self.uploads = self.downloads = 0

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._s3, operation)

    def upload_fileobj(self, **request: Any) -> None:
        self.uploads += 1
        self._s3.upload_fileobj(**request)

    def get_object(self, **place: str) -> Any:
        self.downloads += 1
        if self._replaced is not None and self.downloads > 1:
            return {"Body": io.BytesIO(self._replaced)}
        return self._s3.get_object(**place)


@pytest.fixture(name="folder")
def _folder(s3: Any, bucket: str, unique: str) -> str:
    """Two objects below a prefix, and one whose key begins like it."""
    for key, body in (("in/a.csv", b"1"), ("in/b/c.csv", b"2"), ("in/a.csv.bak", b"3")):
        s3.put_object(Bucket=bucket, Key=f"{unique}/{key}", Body=body)
    return f"s3://{bucket}/{unique}"


def test_a_prefix_is_copied_with_all_below_it_and_an_object_alone(s3: Any, folder: str) -> None:
    copied = copy_all(s3, s3, f"{folder}/in/", f"{folder}/out/")
    contents = {"a.csv": b"1", "b/c.csv": b"2", "a.csv.bak": b"3"}
    assert copied == {name: digest(content) for name, content in contents.items()}
    assert [read(s3, f"{folder}/out/{name}") for name in contents] == list(contents.values())
    assert copy_all(s3, s3, f"{folder}/in/a.csv", f"{folder}/one.csv") == {"": digest(b"1")}


def test_a_copy_of_the_same_object_stays_and_one_of_another_is_replaced(
    s3: Any, bucket: str, unique: str, folder: str
) -> None:
    target = Watched(s3)
    uri, to = f"{folder}/in/a.csv", f"{folder}/copy.csv"
    for content, uploads in ((b"1", 1), (b"1", 1), (b"new", 2)):
        s3.put_object(Bucket=bucket, Key=f"{unique}/in/a.csv", Body=content)
        assert copy_all(s3, target, uri, to) == {"": digest(content)}
        assert target.uploads == uploads
    assert read(s3, to) == b"new"


def test_an_object_that_changes_while_it_is_copied_is_refused(s3: Any, folder: str) -> None:
    source = Watched(s3, replaced=b"other")
    with pytest.raises(InvalidInputError, match=r"a\.csv was changed while it was copied to"):
        copy_all(source, s3, f"{folder}/in/a.csv", f"{folder}/copy.csv")


def test_nothing_to_copy_is_refused(s3: Any, folder: str) -> None:
    with pytest.raises(MissingObjectError, match=r"Nothing is at .*/in/none: it was deleted"):
        copy_all(s3, s3, f"{folder}/in/none", f"{folder}/out")


def test_an_address_is_copied_once_whatever_names_it(s3: Any, folder: str) -> None:
    target = Watched(s3)
    copies = Copies(s3, target, f"{folder}/out")
    address = f"{folder}/in/a.csv"
    first = copies.copy("model", address)
    assert first == (f"{folder}/out/model/a.csv", digest(b"1"))
    assert copies.copy("other", address) == first
    assert target.uploads == 1
    values = {"TABLE": address, "NEW": f"{folder}/in/b/c.csv", "LEVEL": "info"}
    assert copies.moved("env-", values) == {
        "TABLE": first[0],
        "NEW": f"{folder}/out/env-NEW/c.csv",
        "LEVEL": "info",
    }


def test_the_digest_of_a_prefix_is_that_of_names_and_contents(s3: Any, folder: str) -> None:
    first = Copies(s3, s3, f"{folder}/x").copy("all", f"{folder}/in/")
    again = Copies(s3, s3, f"{folder}/y").copy("all", f"{folder}/in/")
    part = Copies(s3, s3, f"{folder}/z").copy("all", f"{folder}/in/b/")
    assert first[0] == f"{folder}/x/all/"
    assert first[1] == again[1] != part[1]


def test_a_stream_has_the_digest_of_what_was_read() -> None:
    stream = Digesting(io.BytesIO(b"abcdef"))
    assert (stream.read(2), stream.hexdigest()) == (b"ab", digest(b"ab"))
    assert (stream.read(), stream.hexdigest()) == (b"cdef", digest(b"abcdef"))
