"""Principals, keys, sessions and policies of resources, as moto keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.sts.models import sts_backends

from include.local_aws.moto.identities import NOTHING, Tokens, exported

ACCOUNT, OTHER, REGION = "222222222222", "333333333333", "us-east-1"
USER, ROLE = f"arn:aws:iam::{ACCOUNT}:user/ann", f"arn:aws:iam::{ACCOUNT}:role/reader"


def policy(action: str) -> str:
    allowed = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [allowed]})


@pytest.fixture(name="iam")
def _iam() -> Iterator[Any]:
    backend = iam_backends[ACCOUNT]["aws"]
    yield backend
    backend.reset()
    for others in (sts_backends[ACCOUNT]["aws"], s3_backends[ACCOUNT]["aws"]):
        others.reset()
    kms_backends[ACCOUNT][REGION].reset()


def test_a_user_has_the_policies_of_its_groups(iam: Any) -> None:
    user = iam.create_user(REGION, "ann", tags=[{"Key": "team", "Value": "a"}])
    iam.create_user(REGION, "bob")
    iam.put_user_policy("ann", "own", policy("s3:GetObject"))
    iam.create_group("readers")
    iam.put_group_policy("readers", "shared", policy("s3:ListBucket"))
    iam.add_user_to_group("readers", "ann")
    users = exported(ACCOUNT)["users"]
    assert users[USER] == {
        "id": user.id,
        "name": "ann",
        "tags": {"team": "a"},
        "identity": [policy("s3:GetObject"), policy("s3:ListBucket")],
    }
    assert users[f"arn:aws:iam::{ACCOUNT}:user/bob"]["identity"] == []
    assert exported(ACCOUNT)["groups"] == {"readers": f"arn:aws:iam::{ACCOUNT}:group/readers"}


def test_a_role_has_the_default_versions_of_its_policies(iam: Any) -> None:
    managed = iam.create_policy("", "/", policy("s3:GetObject"), "managed", [])
    boundary = iam.create_policy("", "/", policy("s3:*"), "boundary", [])
    iam.create_role("reader", "{}", "/", boundary.arn, "", [{"Key": "a", "Value": "b"}], "3600")
    iam.attach_role_policy(managed.arn, "reader")
    iam.create_policy_version(managed.arn, policy("s3:PutObject"), "true")
    role = exported(ACCOUNT)["roles"][ROLE]
    assert role["identity"] == [policy("s3:PutObject")]
    assert (role["boundary"], role["trust"], role["tags"]) == (policy("s3:*"), "{}", {"a": "b"})
    iam.delete_policy(boundary.arn)
    assert exported(ACCOUNT)["roles"][ROLE]["boundary"] == NOTHING


def test_a_deactivated_key_is_no_key(iam: Any) -> None:
    iam.create_user(REGION, "ann")
    active, inactive = iam.create_access_key("ann"), iam.create_access_key("ann")
    iam.update_access_key("ann", inactive.access_key_id, "Inactive")
    keys = exported(ACCOUNT)["keys"]
    assert keys == {active.access_key_id: {"secret": active.secret_access_key, "user": USER}}


def test_sessions_of_roles_and_of_users(iam: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    iam.create_role("reader", "{}", "/", None, "", [], "3600")
    sts = sts_backends[ACCOUNT]["aws"]
    made = sts.assume_role(REGION, "run", ROLE, policy("s3:*"), 3600, "")
    issued = {"secret": "s", "token": "t", "user": USER, "expires": 1.0}
    entries = {"ASIA1": issued | {"account": ACCOUNT}, "ASIA2": issued | {"account": OTHER}}
    monkeypatch.setattr(Tokens, "issued", entries)
    sessions = exported(ACCOUNT)["sessions"]
    assert sessions.keys() == {made.access_key_id, "ASIA1"}
    assert sessions["ASIA1"] == issued
    session = sessions[made.access_key_id]
    assert (session["role"], session["name"]) == (ROLE, "run")
    assert session["policy"] == policy("s3:*")
    assert session["expires"] == pytest.approx(made.expiration.timestamp(), abs=1)


def test_a_session_has_one_policy_of_all_that_it_was_given(iam: Any) -> None:
    iam.create_role("reader", "{}", "/", None, "", [], "3600")
    managed = iam.create_policy("", "/", policy("s3:GetObject"), "managed", [])
    made = sts_backends[ACCOUNT]["aws"].assume_role(REGION, "run", ROLE, None, 3600, "")

    def actions() -> list[str]:
        document = json.loads(exported(ACCOUNT)["sessions"][made.access_key_id]["policy"])
        return [statement["Action"] for statement in document["Statement"]]

    made.session_policies = [managed.arn]
    assert actions() == ["s3:GetObject"]
    made.policy = policy("s3:ListBucket")
    assert actions() == ["s3:ListBucket", "s3:GetObject"]
    made.policy, made.session_policies = None, ["arn:aws:iam::aws:policy/Unknown"]
    assert actions() == []


@pytest.mark.usefixtures("iam")
def test_buckets_are_those_of_all_accounts() -> None:
    s3 = s3_backends[ACCOUNT]["aws"]
    for name in ("open-bucket", "sealed-bucket"):
        s3.create_bucket(name, REGION)
    s3.put_bucket_policy("sealed-bucket", policy("s3:*").encode())
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/mine"}
    rule = {"Rule": {"ApplyServerSideEncryptionByDefault": default}}
    s3.put_bucket_encryption("sealed-bucket", rule)
    buckets = exported(OTHER)["buckets"]
    assert buckets["open-bucket"] == {"account": ACCOUNT, "policy": None, "key": None}
    assert buckets["sealed-bucket"] == {
        "account": ACCOUNT,
        "policy": policy("s3:*"),
        "key": "alias/mine",
    }


@pytest.mark.usefixtures("iam")
def test_encryption_keys_have_their_aliases_and_tags() -> None:
    assert exported(OTHER)["encryption_keys"] == {}
    kms = kms_backends[ACCOUNT][REGION]
    tags = [{"TagKey": "team", "TagValue": "a"}]
    key = kms.create_key(policy("kms:*"), "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", tags)
    for alias in ("alias/b", "alias/a"):
        kms.create_alias(key.id, alias)
    assert exported(ACCOUNT)["encryption_keys"][key.arn] == {
        "policy": policy("kms:*"),
        "aliases": ["alias/a", "alias/b"],
        "tags": {"team": "a"},
    }
