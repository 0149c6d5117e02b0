"""Requests that are changed, too old, expired, or of sessions that have ended."""

from __future__ import annotations

import asyncio
import hashlib
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from include.local_aws.iam import sigv4
from include.local_aws.iam.authentication import OWN, Authenticated, Authentication
from include.local_aws.iam.principals import Principal
from include.local_aws.iam.refusals import Protocol, Refused
from include.local_aws.iam.sessions import Sessions
from include.local_aws.iam.sigv4 import Signature
from include.local_aws.wire.credentials import issued_key
from include.local_aws.wire.http import fields
from tests.include.local_aws.iam.account import ACCOUNT, ROLE
from tests.include.local_aws.iam.identities import directory, identity

YEAR_2100 = 4_102_444_800.0  # the run of the suite takes minutes
KEY, ENDED, LASTING = (issued_key(ACCOUNT, kind) for kind in ("AKIA", "ASIA", "ASIA"))
USER = f"arn:aws:iam::{ACCOUNT}:user/a"
SESSION: dict[str, Any] = {
    "secret": "secret",
    "token": "token",
    "role": ROLE,
    "name": "run",
    "policy": None,
    "tags": {},
    "expires": 1.0,
}
IDENTITIES = directory(
    roles={ROLE: identity("trainer")},
    users={USER: identity("a", tags={"team": "ml"})},
    keys={KEY: {"secret": "secret", "user": USER}},
    sessions={
        ENDED: SESSION,
        LASTING: {"secret": "secret", "token": "token", "user": USER, "expires": YEAR_2100},
    },
)


def principal(
    sessions: Sessions,
    credentials: Credentials,
    protocol: Protocol = "json",
    *,
    signer: Any = SigV4Auth,
    later: float = 0.0,
) -> Principal:
    """Return the signer of a request that arrives *later* seconds after it was signed."""
    url = "http://127.0.0.1:4566/"
    request = AWSRequest("POST", url, data=b"{}", headers={"X-Amz-Target": "SageMaker.ListModels"})
    signer(credentials, "s3" if protocol == "s3" else "sagemaker", "us-east-1").add_auth(request)
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers["host"] = "127.0.0.1:4566"
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    caller = checked(sessions, scope, protocol, body=b"{}", now=time.time() + later)
    return caller.identity.principal


def checked(
    sessions: Sessions,
    scope: dict[str, Any],
    protocol: Protocol = "s3",
    *,
    arriving: bytes = b"",
    body: bytes | None = None,
    now: float,
) -> Authenticated:
    """Return the caller of a request whose body is *arriving*, or was read as *body*."""

    async def receive() -> Any:
        return {"type": "http.request", "body": arriving if body is None else body}

    checks = Authentication(sessions, IDENTITIES)
    return asyncio.run(checks.check(scope, fields(scope), receive, body, now, protocol))


def code(*arguments: Any, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        principal(*arguments, **options)
    return refused.value.code


def test_user_role_session_and_root_are_known_by_their_keys(sessions: Sessions) -> None:
    user = principal(sessions, Credentials(KEY, "secret"))
    assert (user.arn, user.tags) == (USER, {"team": "ml"})
    keys = sessions.of_role(ACCOUNT, ROLE)
    session = principal(sessions, Credentials(keys.key_id, keys.secret, keys.token))
    assert session.arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/trainer/SageMaker"
    root = principal(sessions, Credentials(ACCOUNT, sessions.root_secret))
    assert root.kind == "Account"


def test_session_of_a_user_is_the_user(sessions: Sessions) -> None:
    assert principal(sessions, Credentials(LASTING, "secret", "token")).arn == USER
    assert code(sessions, Credentials(LASTING, "secret")) == "UnrecognizedClientException"


@pytest.mark.parametrize("key", [issued_key(ACCOUNT, "AKIA"), "AKIAIOSFODNN7EXAMPLE"])
def test_key_that_was_not_issued(sessions: Sessions, key: str) -> None:
    assert code(sessions, Credentials(key, "secret")) == "UnrecognizedClientException"


def test_the_server_itself_is_no_principal_of_the_account(sessions: Sessions) -> None:
    keys = sessions.of_account(ACCOUNT)
    assert principal(sessions, Credentials(keys.key_id, keys.secret, keys.token)) is OWN
    assert principal(sessions, Credentials(ACCOUNT, "internal")) is OWN


@pytest.mark.parametrize(
    ("protocol", "expected"),
    [
        ("json", "InvalidSignatureException"),
        ("query", "SignatureDoesNotMatch"),
        ("s3", "SignatureDoesNotMatch"),
    ],
)
def test_another_secret(sessions: Sessions, protocol: Protocol, expected: str) -> None:
    signer = S3SigV4Auth if protocol == "s3" else SigV4Auth
    assert code(sessions, Credentials(KEY, "other"), protocol, signer=signer) == expected


@pytest.mark.parametrize("later", [-400.0, 400.0])
def test_clocks_may_differ_by_five_minutes(sessions: Sessions, later: float) -> None:
    credentials = Credentials(KEY, "secret")
    principal(sessions, credentials, later=later * 0.7)
    assert code(sessions, credentials, later=later) == "InvalidSignatureException"


def test_s3_has_a_word_of_its_own_for_clocks(sessions: Sessions) -> None:
    credentials = Credentials(KEY, "secret")
    principal(sessions, credentials, "s3", signer=S3SigV4Auth, later=600)
    late = {"signer": S3SigV4Auth, "later": 1000.0}
    assert code(sessions, credentials, "s3", **late) == "RequestTimeTooSkewed"


@pytest.mark.parametrize(
    ("protocol", "expected"), [("json", "ExpiredTokenException"), ("query", "ExpiredToken")]
)
def test_session_that_has_ended(sessions: Sessions, protocol: Protocol, expected: str) -> None:
    assert code(sessions, Credentials(ENDED, "secret", "token"), protocol) == expected


def test_token_of_another_session(sessions: Sessions) -> None:
    keys = sessions.of_role(ACCOUNT, ROLE)
    without = Credentials(keys.key_id, keys.secret)
    assert code(sessions, without) == "UnrecognizedClientException"


SIGNED_AT = datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp()


def signed(
    *,
    signed_headers: tuple[str, ...] = ("host", "x-amz-content-sha256", "x-amz-date"),
    payload: str = sigv4.UNSIGNED,
    date: str = "20261130",
    time: str = "20261130T120000Z",
    presigned: str = "",
    **more: str,
) -> dict[str, Any]:
    """Return a request that the user's key signs; with *presigned* seconds, in its query."""
    sent = {"host": "127.0.0.1:4566"} | {name.replace("_", "-"): v for name, v in more.items()}
    query = ""
    if presigned:
        signed_headers = ("host",)
        query = (
            f"X-Amz-Algorithm={sigv4.ALGORITHM}&X-Amz-Credential={KEY}/{date}/us-east-1/s3/"
            f"aws4_request&X-Amz-Date={time}&X-Amz-Expires={presigned}&X-Amz-SignedHeaders=host"
        )
    else:
        sent |= {"x-amz-content-sha256": payload, "x-amz-date": time}
    signature = Signature(KEY, date, "us-east-1", "s3", signed_headers, "", time)
    scope: dict[str, Any] = {
        "method": "PUT",
        "raw_path": b"/bucket/key",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }
    canonical = sigv4.canonical_request(signature, scope, payload)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join((sigv4.ALGORITHM, time, signature.scope, digest))
    value = sigv4.signed_text(signature, "secret", text)
    if presigned:
        return scope | {"query_string": f"{query}&X-Amz-Signature={value}".encode()}
    authorization = (
        f"{sigv4.ALGORITHM} Credential={KEY}/{signature.scope}, "
        f"SignedHeaders={';'.join(signed_headers)}, Signature={value}"
    )
    return scope | {"headers": [*scope["headers"], (b"authorization", authorization.encode())]}


def test_signed_request_and_presigned_url_are_of_the_user(sessions: Sessions) -> None:
    for scope in (signed(), signed(presigned="604800")):
        assert checked(sessions, scope, now=SIGNED_AT).identity.principal.arn == USER


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"x_amz_copy_source": "a/b"}, "AccessDenied"),
        ({"signed_headers": ("x-amz-content-sha256", "x-amz-date")}, "AccessDenied"),
        ({"time": "20261130T12"}, "SignatureDoesNotMatch"),
        ({"date": "20261129"}, "SignatureDoesNotMatch"),
        ({"presigned": "604801"}, "AuthorizationQueryParametersError"),
        ({"presigned": "9" * 5000}, "InvalidRequest"),
        ({"presigned": "-1"}, "InvalidRequest"),
    ],
    ids=[
        *("header-not-signed", "host-not-signed", "no-time", "other-day"),
        *("longer-than-a-week", "no-number-of-seconds", "negative"),
    ],
)
def test_signature_that_does_not_hold_what_it_must(
    sessions: Sessions, changes: dict[str, Any], expected: str
) -> None:
    with pytest.raises(Refused) as refused:
        checked(sessions, signed(**changes), now=SIGNED_AT)
    assert refused.value.code == expected


@pytest.mark.parametrize(
    ("later", "message"), [(601, "Request has expired"), (-901, "Request is not yet valid")]
)
def test_presigned_url_is_valid_in_its_time_alone(
    sessions: Sessions, later: float, message: str
) -> None:
    scope = signed(presigned="600")
    for inside in (599, -899):
        checked(sessions, scope, now=SIGNED_AT + inside)
    with pytest.raises(Refused, match=message):
        checked(sessions, scope, now=SIGNED_AT + later)


def test_signature_of_version_2_is_refused(sessions: Sessions) -> None:
    scope = {"method": "GET", "query_string": b"AWSAccessKeyId=a&Signature=b", "headers": []}
    with pytest.raises(Refused) as refused:
        checked(sessions, scope, now=SIGNED_AT)
    assert refused.value.code == "InvalidRequest"


def test_body_that_is_not_the_signed_one(sessions: Sessions) -> None:
    scope = signed(payload=hashlib.sha256(b"signed").hexdigest())
    checked(sessions, scope, body=b"signed", now=SIGNED_AT)
    with pytest.raises(Refused) as refused:
        checked(sessions, scope, body=b"other", now=SIGNED_AT)
    assert refused.value.code == "XAmzContentSHA256Mismatch"


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (hashlib.sha256(b"signed").hexdigest(), "XAmzContentSHA256Mismatch"),
        ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "SignatureDoesNotMatch"),
    ],
    ids=["whole", "chunks"],
)
def test_body_is_checked_as_it_arrives(sessions: Sessions, payload: str, expected: str) -> None:
    body = b"1;chunk-signature=" + b"0" * 64 + b"\r\na\r\n"
    caller = checked(sessions, signed(payload=payload), arriving=body, now=SIGNED_AT)

    async def receive() -> Any:
        return await caller.receive()

    with pytest.raises(Refused) as refused:
        asyncio.run(receive())
    assert refused.value.code == expected
