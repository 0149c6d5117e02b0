"""Content decides: what is there is not sent again, wherever and whenever it was made."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest
from prodml.aws.digests import content_digest
from prodml.aws.s3 import (
    archive,
    join,
    objects,
    put_text,
    read,
    read_json,
    refuse_bad_files,
    send_archive,
    send_below_digest,
    send_file,
    split,
)
from prodml.exceptions import InputFileError, InvalidInputError, MissingObjectError

from tests.plugins.rules import KEY


def _folder(path: Path, text: str = "print(1)\n") -> Path:
    (path / "pkg" / "__pycache__").mkdir(parents=True)
    (path / "main.py").write_text(text)
    (path / "pkg" / "part.py").write_text("x = 1\n")
    (path / "pkg" / "__pycache__" / "part.pyc").write_bytes(os.urandom(8))
    (path / ".hidden").write_text("secret")
    return path


def test_an_archive_is_the_same_bytes_for_the_same_content(tmp_path: Path) -> None:
    one, two = _folder(tmp_path / "one"), _folder(tmp_path / "two")
    os.utime(two / "main.py", (1, 1))
    assert archive(one) == archive(two)


def test_an_archive_holds_sources_alone(tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(archive(_folder(tmp_path / "one")))) as tar:
        assert tar.getnames() == ["main.py", "pkg/part.py"]


def test_an_archive_is_kept_under_its_digest(s3: Any, bucket: str, tmp_path: Path) -> None:
    prefix = f"s3://{bucket}/code"
    one, two = _folder(tmp_path / "one"), _folder(tmp_path / "two", "print(2)\n")
    assert send_archive(s3, one, prefix) == send_archive(s3, one, prefix)
    assert send_archive(s3, one, prefix) != send_archive(s3, two, prefix)


def test_a_listing_starts_after_a_name(s3: Any, bucket: str, unique: str) -> None:
    for name in ("2024/01", "2024/02", "2024/02/a", "2024/03"):
        s3.put_object(Bucket=bucket, Key=f"{unique}/{name}", Body=b"1")
    listed = objects(s3, f"s3://{bucket}/{unique}/", after="2024/02")
    assert [item["Key"] for item in listed] == [f"{unique}/2024/02/a", f"{unique}/2024/03"]


def test_a_digest_knows_content_under_a_kms_key_too(s3: Any, bucket: str, unique: str) -> None:
    """There, two uploads of the same content have two ETags."""
    key = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": KEY}
    for folder, body in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        s3.put_object(Bucket=bucket, Key=f"{unique}/{folder}/rows.csv", Body=body, **key)
    uris = [f"s3://{bucket}/{unique}/{folder}/" for folder in "abc"]
    etags = {item["ETag"] for uri in uris for item in objects(s3, uri)}
    assert len(etags) == 3
    first, same, other = (content_digest(s3, uri) for uri in uris)
    assert first == same != other


def test_a_digest_knows_content_and_not_the_place(s3: Any, bucket: str, unique: str) -> None:
    for place in ("a", "b"):
        s3.put_object(Bucket=bucket, Key=f"{unique}/{place}/x.csv", Body=b"1")
    first = content_digest(s3, f"s3://{bucket}/{unique}/a/")
    assert first == content_digest(s3, f"s3://{bucket}/{unique}/b/")
    s3.put_object(Bucket=bucket, Key=f"{unique}/a/x.csv", Body=b"2")
    assert first != content_digest(s3, f"s3://{bucket}/{unique}/a/")


def test_an_unchanged_file_is_not_sent_again(
    s3: Any, bucket: str, unique: str, tmp_path: Path
) -> None:
    path, uri = tmp_path / "x.csv", f"s3://{bucket}/{unique}/x.csv"
    path.write_text("1\n")
    assert send_file(s3, path, uri)
    assert not send_file(s3, path, uri)
    path.write_text("2\n")
    assert send_file(s3, path, uri)


def test_another_content_is_sent_to_another_key(
    s3: Any, bucket: str, unique: str, tmp_path: Path
) -> None:
    path, prefix = tmp_path / "x.csv", f"s3://{bucket}/{unique}"
    path.write_text("1\n")
    first = send_below_digest(s3, path, prefix, "x.csv")
    assert first == send_below_digest(s3, path, prefix, "x.csv")
    path.write_text("2\n")
    second = send_below_digest(s3, path, prefix, "x.csv")
    contents = [read(s3, join(prefix, below)) for below, _ in (first, second)]
    assert contents == [b"1\n", b"2\n"]


def test_bad_files_are_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    with pytest.raises(InputFileError, match=r"gone\.csv is not a file"):
        refuse_bad_files([tmp_path / "gone.csv"])
    with pytest.raises(InputFileError, match=r"empty\.csv is empty"):
        refuse_bad_files([empty])


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "x.csv" for folder in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
        path.write_text("1")
    with pytest.raises(InputFileError, match="overwrite each other"):
        refuse_bad_files(paths)


@pytest.mark.parametrize("uri", ["bucket/key", "s3://", "None"])
def test_what_is_not_an_address_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match="Write s3://bucket/prefix"):
        split(uri)


def test_parts_are_joined_by_one_slash() -> None:
    assert join("s3://b/", "/a/", "x") == "s3://b/a/x"


def test_an_object_that_does_not_exist_is_named_with_what_to_do(s3: Any, bucket: str) -> None:
    uri = f"s3://{bucket}/runs/1/drift_report.json"
    with pytest.raises(MissingObjectError, match=f"^Object {uri} does not exist: .*Clear the task"):
        read_json(s3, uri)
    with pytest.raises(MissingObjectError, match=r"^Bucket no-bucket of s3://no-bucket/a\.json"):
        read_json(s3, "s3://no-bucket/a.json")


@pytest.mark.parametrize("content", ["", "{", "<html>"])
def test_an_object_that_is_not_json_is_named(s3: Any, bucket: str, content: str) -> None:
    uri = put_text(s3, f"s3://{bucket}/broken.json", content)
    with pytest.raises(InvalidInputError, match=f"^Object {uri} is not JSON: "):
        read_json(s3, uri)
