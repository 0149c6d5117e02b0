"""KMS keys, right and wrong."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.company_rules import CompanyRules
from prodml.preflight.keys import check_keys

from tests.plugins.prodml.preflight.conftest import Checked, Lines
from tests.plugins.rules import KEY


@pytest.fixture
def kms(server: Any) -> Any:
    return server.client("kms")


@pytest.fixture
def key(kms: Any) -> str:
    return str(kms.create_key()["KeyMetadata"]["KeyId"])


def _lines(checked: Checked, key: str) -> Lines:
    return checked(check_keys, rules=CompanyRules(output_kms_key=key, volume_kms_key=key))


def test_enabled_key(checked: Checked, key: str) -> None:
    assert list(_lines(checked, key).values()) == [("OK", "Enabled")]


def test_no_key_is_needed(checked: Checked) -> None:
    assert checked(check_keys) == {}


def test_missing_key(checked: Checked) -> None:
    assert list(_lines(checked, KEY).values()) == [("WRONG", f"{KEY} does not exist")]


def test_disabled_key(kms: Any, checked: Checked, key: str) -> None:
    kms.disable_key(KeyId=key)
    assert list(_lines(checked, key).values()) == [("WRONG", "Disabled")]


def test_key_that_is_deleted_soon(kms: Any, checked: Checked, key: str) -> None:
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert list(_lines(checked, key).values()) == [("WRONG", "PendingDeletion")]


def test_key_for_signatures(kms: Any, checked: Checked) -> None:
    created = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")["KeyMetadata"]["Arn"]
    assert list(_lines(checked, created).values()) == [("WRONG", "is for SIGN_VERIFY")]
