"""Identities: read once, and again after what changes them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from include.local_aws.iam.directory import Directory, Identities, changes_identities

KEY = "arn:aws:kms:us-east-1:123456789012:key/abc"
ROLE = "arn:aws:iam::123456789012:role/service-role/trainer"
TRUST = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}'
STATE: dict[str, Any] = {
    "roles": {ROLE: {"id": "AROA1", "name": "trainer", "trust": TRUST, "identity": []}},
    "users": {},
    "groups": {"team": "arn:aws:iam::123456789012:group/team"},
    "keys": {},
    "sessions": {},
    "buckets": {"a": {"account": "210987654321", "policy": None}},
    "encryption_keys": {KEY: {"policy": TRUST, "aliases": ["alias/mine"]}},
}


def test_identities_are_read_again_only_when_they_changed() -> None:
    reads, generation = [], [1]

    async def fetch(account: str) -> dict[str, Any]:
        reads.append(account)
        return STATE

    directory = Directory(fetch, lambda: generation[0])

    async def ask() -> None:
        await directory.of("1")
        await directory.of("1")
        assert reads == ["1"]
        directory.forget()
        await directory.of("1")
        assert reads == ["1", "1"]
        generation[0] = 2
        await directory.of("1")

    asyncio.run(ask())
    assert reads == ["1", "1", "1"]


def test_values_from_before_a_change_are_not_cached() -> None:
    reads: list[str] = []

    async def fetch(account: str) -> dict[str, Any]:
        reads.append(account)
        if len(reads) == 1:
            directory.forget()
        return STATE

    directory = Directory(fetch, lambda: 1)
    asyncio.run(directory.of("1"))
    assert reads == ["1", "1"]


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("iam", "PutRolePolicy", True),
        ("iam", "GetRole", False),
        ("sts", "AssumeRole", True),
        ("sts", "GetSessionToken", True),
        ("sts", "GetCallerIdentity", False),
        ("kms", "PutKeyPolicy", True),
        ("cloudformation", "CreateStack", True),
        ("s3", "PutBucketPolicy", True),
        ("s3", "PutObject", False),
        ("sagemaker", "CreateModel", False),
    ],
)
def test_operations_that_change_identities(service: str, operation: str, expected: bool) -> None:
    assert changes_identities(service, operation) is expected


def test_names_become_arns() -> None:
    identities = Identities("123456789012", STATE)
    assert identities.arn_of("role", "trainer") == ROLE
    assert identities.arn_of("group", "team") == "arn:aws:iam::123456789012:group/team"
    assert identities.arn_of("key", "abc") == identities.arn_of("key", "alias/mine") == KEY
    assert identities.arn_of("user", "trainer") is None


def test_policies_of_resources() -> None:
    identities = Identities("123456789012", STATE)
    assert identities.trust_policy(ROLE) is not None
    assert identities.trust_policy(f"{ROLE}-2") is None
    assert identities.key_policy(KEY) is not None
    assert identities.bucket("a") == ("210987654321", None)
    assert identities.bucket("b") == ("", None)
