from __future__ import annotations

from include.local_aws.iam.asked import Asked
from include.local_aws.iam.caller_identity import answer, is_asked
from include.local_aws.iam.principals import Principal, root, session
from tests.include.local_aws.asgi import body, sent
from tests.include.local_aws.iam.account import ACCOUNT, ROLE


def identity(principal: Principal) -> str:
    """Return the answer to GetCallerIdentity of *principal*."""
    messages = sent(answer, principal)
    assert messages[0]["status"] == 200
    return body(messages)


def test_session_of_a_role_is_named() -> None:
    text = identity(session(ROLE, "run", "AROAEXAMPLE", {}))
    assert f"<Arn>arn:aws:sts::{ACCOUNT}:assumed-role/trainer/run</Arn>" in text
    assert f"<Account>{ACCOUNT}</Account>" in text
    assert "<UserId>AROAEXAMPLE:run</UserId>" in text
    assert "GetCallerIdentityResult" in text


def test_root_user_has_the_id_of_its_account() -> None:
    text = identity(root(ACCOUNT))
    assert f"<Arn>arn:aws:iam::{ACCOUNT}:root</Arn>" in text
    assert f"<UserId>{ACCOUNT}</UserId>" in text


def test_only_get_caller_identity_is_answered() -> None:
    assert is_asked(Asked("sts", "GetCallerIdentity"))
    assert not is_asked(Asked("sts", "AssumeRole"))
