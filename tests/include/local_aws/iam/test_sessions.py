"""Sessions with which the server acts for roles, and the secret of root users."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from include.local_aws.iam.sessions import Sessions
from include.local_aws.wire.credentials import account_of
from tests.include.local_aws.iam.account import ACCOUNT, OTHER, ROLE

PLACE = (ACCOUNT, "us-east-1")


def test_root_secret_outlives_the_server_and_is_the_owners_alone(tmp_path: Path) -> None:
    first, second = Sessions(tmp_path, "internal"), Sessions(tmp_path, "internal")
    assert first.root_secret == second.root_secret
    assert (tmp_path / "root-secret").stat().st_mode & 0o077 == 0


def test_role_has_one_session_whose_key_is_of_its_account(sessions: Sessions) -> None:
    keys = sessions.of_role(ACCOUNT, ROLE)
    assert sessions.of_role(ACCOUNT, ROLE) == keys
    assert sessions.of_role(OTHER, ROLE) != keys
    assert account_of(keys.key_id) == ACCOUNT
    session = sessions.session(keys.key_id)
    assert session is not None
    assert (session.role, session.keys) == (ROLE, keys)


def test_server_has_a_session_without_a_role(sessions: Sessions) -> None:
    session = sessions.session(sessions.of_account(ACCOUNT).key_id)
    assert session is not None
    assert session.role is None
    assert sessions.session("ASIAIOSFODNN7EXAMPLE") is None


def test_model_without_a_role_does_not_act_as_the_server(sessions: Sessions) -> None:
    keys = sessions.of_role(ACCOUNT, "")
    session = sessions.session(keys.key_id)
    assert session is not None
    assert session.role == f"arn:aws:iam::{ACCOUNT}:role/none"
    assert keys != sessions.of_account(ACCOUNT)


@pytest.mark.parametrize(
    ("role", "asked"), [(ROLE, ROLE), ("", f"arn:aws:iam::{ACCOUNT}:role/none")]
)
def test_guard_decides_what_a_role_may_do(role: str, asked: str, sessions: Sessions) -> None:
    async def decide(region: str, *question: str) -> str | None:
        return f"{region}: {' '.join(question)}"

    denial = sessions.denial(PLACE, role, "s3:GetObject", "arn:aws:s3:::a/b")
    assert asyncio.run(denial) is None
    sessions.decide_by(decide)
    denial = sessions.denial(PLACE, role, "s3:GetObject", "arn:aws:s3:::a/b")
    assert asyncio.run(denial) == f"us-east-1: {asked} s3:GetObject arn:aws:s3:::a/b"
