"""Signatures: AWS's published examples, and what botocore signs."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from include.local_aws.iam.sigv4 import Signature, fits, read

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
EMPTY = hashlib.sha256(b"").hexdigest()


def scope_of(method: str, path: str, query: str, headers: dict[str, str]) -> dict[str, Any]:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {
        "method": method,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": raw,
    }


def signature_of(scope: dict[str, Any]) -> Signature:
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    signature = read(scope, headers)
    assert signature is not None
    return signature


def test_example_of_the_iam_user_guide() -> None:
    """reference_sigv-create-signed-request.html: ListUsers of 30 August 2015."""
    value = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    credential = "Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request"
    scope = scope_of(
        "GET",
        "/",
        "Action=ListUsers&Version=2010-05-08",
        {
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
            "host": "iam.amazonaws.com",
            "x-amz-date": "20150830T123600Z",
            "authorization": f"AWS4-HMAC-SHA256 {credential}, "
            f"SignedHeaders=content-type;host;x-amz-date, Signature={value}",
        },
    )
    signature = signature_of(scope)
    assert (signature.key, signature.service) == ("AKIDEXAMPLE", "iam")
    assert fits(signature, scope, EMPTY, SECRET)
    assert not fits(signature, scope, EMPTY, SECRET.lower())
    assert not fits(signature, scope | {"query_string": b"Action=DeleteUser"}, EMPTY, SECRET)


@pytest.mark.parametrize("path", ["/bucket/a%20b%2Bc/%C3%A9", "/bucket//a/../b", "/"])
@pytest.mark.parametrize("query", ["", "prefix=a%2Fb&list-type=2&empty="])
@pytest.mark.parametrize(("signer", "service"), [(S3SigV4Auth, "s3"), (SigV4Auth, "execute")])
def test_signatures_of_botocore_are_parsed(
    path: str, query: str, signer: Any, service: str
) -> None:
    url = f"http://127.0.0.1:4566{path}" + (f"?{query}" if query else "")
    request = AWSRequest("PUT", url, data=b"body", headers={"X-Amz-Meta-A": "two   spaces"})
    signer(Credentials("key", SECRET, "token"), service, "us-east-1").add_auth(request)
    headers = {"host": "127.0.0.1:4566"} | dict(request.headers.items())
    scope = scope_of("PUT", path, query, headers)
    payload = hashlib.sha256(b"body").hexdigest()
    signature = signature_of(scope)
    assert signature.token == "token"
    assert fits(signature, scope, payload, SECRET)
    assert not fits(signature, scope, EMPTY, SECRET)


@pytest.mark.parametrize(
    "authorization",
    [
        "AWS key:signature",
        "AWS4-HMAC-SHA256 Credential=a/20150830/us-east-1/iam, SignedHeaders=host, Signature=0",
        f"AWS4-HMAC-SHA256 SignedHeaders=host, Credential=a, Signature={'0' * 64}",
    ],
)
def test_other_signatures_are_ignored(authorization: str) -> None:
    scope = scope_of("GET", "/", "", {})
    assert read(scope, {"authorization": authorization}) is None
