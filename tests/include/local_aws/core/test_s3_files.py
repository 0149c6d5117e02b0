from __future__ import annotations

import pytest

from include.local_aws.core.s3_files import split_uri


@pytest.mark.parametrize(
    "uri",
    [
        "s3://bucket/some/key",
        "https://bucket.s3.amazonaws.com/some/key",
        "https://bucket.s3.eu-west-1.amazonaws.com/some/key",
        "https://bucket.s3.dualstack.eu-west-1.amazonaws.com/some/key",
        "https://bucket.s3-eu-west-1.amazonaws.com/some/key",
        "https://s3.amazonaws.com/bucket/some/key",
        "https://s3.cn-north-1.amazonaws.com.cn/bucket/some/key",
    ],
)
def test_each_address_of_an_object_is_split(uri: str) -> None:
    assert split_uri(uri) == ("bucket", "some/key")


def test_a_bucket_may_have_dots() -> None:
    assert split_uri("https://a.b.s3.us-east-1.amazonaws.com/k") == ("a.b", "k")


def test_another_https_address_is_refused() -> None:
    with pytest.raises(ValueError, match=r"https://example\.com/a is not an address of S3"):
        split_uri("https://example.com/a")
