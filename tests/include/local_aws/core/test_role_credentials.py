"""Credentials of a server that checks none."""

from __future__ import annotations

import asyncio

from include.local_aws.core.role_credentials import Keys, RoleCredentials, Unchecked

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/prodml"


def test_a_session_token_is_set_only_for_a_session() -> None:
    """An empty AWS_SESSION_TOKEN would be sent, and refused."""
    key = {"AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "secret"}
    assert Keys("AKIA1", "secret").environment() == key
    assert Keys("AKIA1", "secret", "t").environment() == key | {"AWS_SESSION_TOKEN": "t"}


def test_keys_say_their_account() -> None:
    credentials: RoleCredentials = Unchecked()
    assert credentials.of_account(ACCOUNT).key_id == ACCOUNT
    assert credentials.of_role(ACCOUNT, ROLE).key_id == ACCOUNT
    assert credentials.of_role(ACCOUNT, ROLE) == credentials.of_role(ACCOUNT, f"{ROLE}-2")


def test_no_action_is_denied() -> None:
    credentials: RoleCredentials = Unchecked()
    place = (ACCOUNT, "us-east-1")
    assert asyncio.run(credentials.denial(place, ROLE, "s3:GetObject", "*")) is None
