"""The credential scope of a request, and the account of a key id."""

from __future__ import annotations

import pytest

from include.local_aws.wire.credentials import NONE, Credential, account_of, issued_key, signed

SCOPE = "123456789012/20260101/eu-west-1/sagemaker/aws4_request"


@pytest.mark.parametrize(
    ("authorization", "credential"),
    [
        (
            f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature=0",
            Credential("123456789012", "eu-west-1", "sagemaker"),
        ),
        ("AWS AKIAIOSFODNN7EXAMPLE:c2lnbmF0dXJl", Credential("AKIAIOSFODNN7EXAMPLE", "", "s3")),
        ("Bearer token", NONE),
        ("AWS4-HMAC-SHA256 Credential=a/b/c", NONE),
    ],
)
def test_header_names_key_region_and_service(authorization: str, credential: Credential) -> None:
    assert signed({"authorization": authorization}) == credential


@pytest.mark.parametrize(
    ("query", "credential"),
    [
        (
            b"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + SCOPE.encode(),
            Credential("123456789012", "eu-west-1", "sagemaker"),
        ),
        (
            b"X-Amz-Credential=" + SCOPE.replace("/", "%2F").encode(),
            Credential("123456789012", "eu-west-1", "sagemaker"),
        ),
        (b"AWSAccessKeyId=210987654321&Signature=s", Credential("210987654321", "", "s3")),
        (b"X-Amz-Credential=", NONE),
        (b"list-type=2", NONE),
        (b"prefix=X-Amz-Credential%3Dx", NONE),
    ],
)
def test_presigned_url_names_them_too(query: bytes, credential: Credential) -> None:
    assert signed({}, query) == credential


def test_header_comes_before_the_query() -> None:
    headers = {"authorization": f"AWS4-HMAC-SHA256 Credential={SCOPE}, Signature=0"}
    assert signed(headers, b"AWSAccessKeyId=210987654321").key == "123456789012"


@pytest.mark.parametrize("account", ["000000000000", "000000000001", "123456789012", "9" * 12])
@pytest.mark.parametrize("prefix", ["AKIA", "ASIA"])
def test_issued_key_has_its_account(account: str, prefix: str) -> None:
    key = issued_key(account, prefix)
    assert (key[:4], len(key)) == (prefix, 20)
    assert account_of(key) == account
    assert key != issued_key(account, prefix)


@pytest.mark.parametrize("key", ["test", "12345678901", "AKIAIOSFODNN7EXAMPLE", "", "٣" * 12])
def test_any_other_key_is_of_no_account(key: str) -> None:
    assert account_of(key) is None


def test_account_id_is_its_own_key() -> None:
    assert account_of("123456789012") == "123456789012"
