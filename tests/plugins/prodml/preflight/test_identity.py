"""Identity, account and region, right and wrong."""

from __future__ import annotations

from prodml.preflight.identity import check_identity, check_region

from tests.plugins.prodml.preflight.conftest import Checked


def test_identity_and_account(checked: Checked) -> None:
    lines = checked(check_identity)
    assert lines["identity"][0] == "OK"
    assert lines["account"] == ("OK", "000000000000")


def test_role_of_another_account(checked: Checked) -> None:
    lines = checked(check_identity, role_arn="arn:aws:iam::123456789012:role/prodml")
    assert lines["account"] == ("WRONG", "connection: 000000000000, role: 123456789012")


def test_region(checked: Checked) -> None:
    assert checked(check_region) == {"region": ("OK", "us-east-1")}


def test_environment_of_another_region(checked: Checked) -> None:
    lines = checked(check_region, region="eu-west-1")
    assert lines["region"] == ("WRONG", "connection: us-east-1, environment: eu-west-1")
