"""Raw files are opened where they lie."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.jobs.tabular.objects import etag_of, opened, s3, stream
from include.local_aws.testing import Server

CONTENT = b"a,b\n1,2\n"
BUCKET = "raw-objects"


def test_a_file_is_read_at_any_place(tmp_path: Path) -> None:
    (tmp_path / "rows").write_bytes(CONTENT)
    with opened(str(tmp_path / "rows")) as file:
        file.seek(4)
        assert file.read() == b"1,2\n"
        file.seek(0)
        assert file.read(3) == b"a,b"


def test_a_stream_is_decompressed_only_if_it_is_compressed(tmp_path: Path) -> None:
    (tmp_path / "rows").write_bytes(gzip.compress(CONTENT))
    with stream(str(tmp_path / "rows"), "gzip") as file:
        assert file.read() == CONTENT
    with stream(str(tmp_path / "rows"), None) as file:
        assert gzip.decompress(file.read()) == CONTENT


def test_a_file_that_is_gone_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        opened(str(tmp_path / "gone"))


@pytest.fixture
def objects(local_aws: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Yield the ETags of two objects, one of them compressed, by their addresses."""
    client = local_aws.client("s3", s3={"addressing_style": "path"})
    client.create_bucket(Bucket=BUCKET)
    bodies = {"rows.csv": CONTENT, "rows.csv.gz": gzip.compress(CONTENT)}
    etags = {
        f"s3://{BUCKET}/{key}": client.put_object(Bucket=BUCKET, Key=key, Body=body)["ETag"]
        for key, body in bodies.items()
    }
    for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", local_aws.url)
    s3.cache_clear()
    yield etags
    s3.cache_clear()


def test_objects_of_s3_are_read_as_files_are(objects: dict[str, str]) -> None:
    plain, compressed = objects
    with opened(plain) as file:
        file.seek(4)
        assert file.read() == b"1,2\n"
    with stream(compressed, "gzip") as file:
        assert file.read() == CONTENT
    assert {address: etag_of(address) for address in objects} == objects
    assert etag_of(f"s3://{BUCKET}/gone") == ""
