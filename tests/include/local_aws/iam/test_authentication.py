"""Requests that are too old, expired, or of sessions that have ended."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from include.local_aws.iam.authentication import OWN, Authentication
from include.local_aws.iam.principals import Principal
from include.local_aws.iam.refusals import Protocol, Refused
from include.local_aws.iam.sessions import Sessions
from include.local_aws.wire.credentials import issued_key
from tests.include.local_aws.iam.account import ACCOUNT, ROLE
from tests.include.local_aws.iam.identities import directory, identity

KEY, ENDED = issued_key(ACCOUNT, "AKIA"), issued_key(ACCOUNT, "ASIA")
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
    sessions={ENDED: SESSION},
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
    checks = Authentication(sessions, IDENTITIES)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"{}"}

    now = time.time() + later
    checked = checks.check(scope, headers, receive, b"{}", now, protocol)
    return asyncio.run(checked).identity.principal


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
