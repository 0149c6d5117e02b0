from __future__ import annotations

import os
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from include.local_aws.moto.disk import Snapshot
from include.local_aws.testing import running_server
from tests.include.local_aws.moto.s3_client import PATH_STYLE, body, keys


class Bucket:
    """State of moto that is saved as it is told."""

    def __init__(self) -> None:
        self.failure: Exception | None = None

    def __getstate__(self) -> dict[str, Any]:
        if failure := self.failure:
            # A dict that a request changes meanwhile is read again at once.
            self.failure = None if isinstance(failure, RuntimeError) else failure
            raise failure
        return {}


def test_save_that_fails_is_the_error_of_its_request_alone(tmp_path: Path) -> None:
    bucket = Bucket()
    backend = SimpleNamespace(buckets={"a": bucket}, tagger=None)
    snapshot = Snapshot(tmp_path, {"000000000000": {"aws": backend}})
    threading.Thread(target=snapshot.keep_saving, daemon=True).start()
    bucket.failure = TypeError("it has a lock")
    with pytest.raises(OSError, match="it has a lock"):
        snapshot.commit()
    assert "it has a lock" in (snapshot.problem or "")
    assert not list(tmp_path.iterdir())
    bucket.failure = RuntimeError("dictionary changed size during iteration")
    snapshot.commit()
    assert (snapshot.problem, os.listdir(tmp_path)) == (None, ["buckets.pickle"])


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [("0-0", 0, 1), ("1000-2999999", 1000, 3_000_000), ("-5", -5, None), ("2999998-", -2, None)],
)
def test_range_of_a_large_object(s3: Any, bucket: str, asked: str, begin: int, end: int) -> None:
    whole = os.urandom(3_000_000)
    s3.put_object(Bucket=bucket, Key="large", Body=whole)
    assert body(s3, bucket, "large", Range=f"bytes={asked}") == whole[begin:end]
    assert body(s3, bucket, "large", Range="bytes=0-1,5-6") == whole  # as moto has it
    assert body(s3, bucket, "large") == whole


def test_listing_versions_leaves_objects_alone(s3: Any, bucket: str) -> None:
    """moto copies keys to list them, and deletes the copies."""
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket, Key="k", Body=b"one")
    s3.put_object(Bucket=bucket, Key="k", Body=b"two")
    for _ in range(3):
        versions = s3.list_object_versions(Bucket=bucket)["Versions"]
    bodies = [body(s3, bucket, "k", VersionId=version["VersionId"]) for version in versions]
    assert sorted(bodies) == [b"one", b"two"]


def test_copy_outlives_its_source(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a", Body=b"data")
    s3.copy_object(Bucket=bucket, Key="b", CopySource={"Bucket": bucket, "Key": "a"})
    s3.delete_object(Bucket=bucket, Key="a")
    assert body(s3, bucket, "b") == b"data"
    assert keys(s3, bucket) == ["b"]


def test_objects_survive_a_kill(tmp_path: Path) -> None:
    """Acknowledged writes survive a kill at any moment."""
    with running_server(tmp_path) as server:
        s3 = server.client("s3", s3=PATH_STYLE)
        s3.create_bucket(Bucket="kept")
        s3.put_object(Bucket="kept", Key="old", Body=b"old")
        s3.put_object(Bucket="kept", Key="changed", Body=b"before")
        s3.put_object(Bucket="kept", Key="changed", Body=b"after", Metadata={"a": "b"})
        s3.delete_object(Bucket="kept", Key="old")
        s3.put_object(Bucket="kept", Key="last", Body=b"last")
        server.kill()
    with running_server(tmp_path) as server:
        s3 = server.client("s3", s3=PATH_STYLE)
        assert keys(s3, "kept") == ["changed", "last"]
        assert body(s3, "kept", "changed") == b"after"
        assert s3.head_object(Bucket="kept", Key="changed")["Metadata"] == {"a": "b"}
        assert len(list((tmp_path / "s3" / "objects").iterdir())) == 2


def test_data_directory_may_be_moved(tmp_path: Path) -> None:
    with running_server(tmp_path / "a") as server:
        s3 = server.client("s3", s3=PATH_STYLE)
        s3.create_bucket(Bucket="moved")
        s3.put_object(Bucket="moved", Key="k", Body=b"data")
    (tmp_path / "a").rename(tmp_path / "b")
    with running_server(tmp_path / "b") as server:
        assert body(server.client("s3", s3=PATH_STYLE), "moved", "k") == b"data"


def test_access_lists_are_those_of_each_object(s3: Any, bucket: str) -> None:
    for key in ("private", "public"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"data")
    s3.put_object_acl(Bucket=bucket, Key="public", ACL="public-read")
    grants = {
        key: len(s3.get_object_acl(Bucket=bucket, Key=key)["Grants"])
        for key in ("private", "public")
    }
    assert grants == {"private": 1, "public": 2}
