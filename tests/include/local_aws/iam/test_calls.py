"""Recorded calls, as `GET /_local/iam/calls` has them."""

from __future__ import annotations

import pytest

from include.local_aws.iam import calls
from include.local_aws.iam.calls import Calls
from include.local_aws.iam.needs import Need
from include.local_aws.iam.principals import Principal, session
from tests.include.local_aws.iam.account import ACCOUNT, ROLE

USER = Principal("User", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/a")
LIST = Need("sagemaker:ListModels", "*", {"b": ("2", "1"), "a": ("3",)})


def test_same_calls_are_one_with_their_number_and_denials() -> None:
    recorded = Calls()
    recorded.add(USER, LIST)
    recorded.add(USER, LIST, allowed=False)
    (document,) = recorded.documents()
    assert document == {
        "principal": USER.arn,
        "action": "sagemaker:ListModels",
        "resource": "*",
        "keys": {"a": ["3"], "b": ["2", "1"]},
        "count": 2,
        "denied": 1,
    }


def test_sessions_of_a_role_are_one_principal() -> None:
    recorded = Calls()
    for name in ("one", "two"):
        recorded.add(session(ROLE, name, "AROA", {}), LIST)
    (document,) = recorded.documents()
    assert (document["principal"], document["count"]) == (ROLE, 2)


def test_calls_are_in_the_order_of_their_names_until_they_are_cleared() -> None:
    recorded = Calls()
    for action in ("s3:PutObject", "s3:GetObject"):
        recorded.add(USER, Need(action, "arn:aws:s3:::a/b"))
    actions = [document["action"] for document in recorded.documents()]
    assert actions == ["s3:GetObject", "s3:PutObject"]
    recorded.clear()
    assert recorded.documents() == []


def test_oldest_call_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MOST", 2)
    recorded = Calls()
    for resource in ("c", "b", "a"):
        recorded.add(USER, Need("s3:GetObject", resource))
    recorded.add(USER, Need("s3:GetObject", "b"))
    assert [document["resource"] for document in recorded.documents()] == ["a", "b"]
