"""Digests by which a reader verifies the whole content of a listed object."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.aws.digests import Replaced, whole_digests


def test_an_etag_counts_only_where_it_is_of_the_content(s3: Any, bucket: str, unique: str) -> None:
    keys = [f"{unique}/plain.csv", f"{unique}/encrypted.csv"]
    plain = s3.put_object(Bucket=bucket, Key=keys[0], Body=b"a\n1\n")
    encrypted = s3.put_object(
        Bucket=bucket, Key=keys[1], Body=b"a\n1\n", ServerSideEncryption="aws:kms"
    )
    etags = dict(zip(keys, (plain["ETag"], encrypted["ETag"]), strict=True))
    digests = whole_digests(s3, bucket, etags)
    assert digests == [plain["ETag"], f"ChecksumCRC32:{encrypted['ChecksumCRC32']}:4"]


@pytest.mark.parametrize("key", ["other.csv", "gone.csv"])
def test_an_object_that_is_not_the_listed_one_is_named(
    s3: Any, bucket: str, unique: str, key: str
) -> None:
    s3.put_object(Bucket=bucket, Key=f"{unique}/other.csv", Body=b"a\n2\n")
    with pytest.raises(Replaced, match=f"s3://{bucket}/{unique}/{key}"):
        whole_digests(s3, bucket, {f"{unique}/{key}": '"0"'})
