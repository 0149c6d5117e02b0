"""The facts of a project that follow from its settings."""

from __future__ import annotations

import pytest
from prodml.company_rules import CompanyRules
from prodml.preflight.project import Project

ROLE = "arn:aws-cn:iam::123456789012:role/service-role/prodml"
PROJECT = Project("bucket", ROLE, "cn-north-1", "dev")


def test_account_partition_and_name_are_those_of_the_role() -> None:
    facts = (PROJECT.account, PROJECT.partition, PROJECT.role_name)
    assert facts == ("123456789012", "aws-cn", "prodml")


@pytest.mark.parametrize(
    ("landing", "bucket"),
    [
        ("s3://company/exports/churn", "company"),
        ("s3://company", "company"),
        (".local/landing", ""),
        ("", ""),
    ],
)
def test_only_a_landing_in_s3_has_a_bucket(landing: str, bucket: str) -> None:
    assert Project("bucket", ROLE, "cn-north-1", "dev", landing=landing).landing_bucket == bucket


@pytest.mark.parametrize(
    ("rules", "keys"),
    [
        (CompanyRules(), ()),
        (CompanyRules(volume_kms_key="alias/volume"), ("alias/volume",)),
        (CompanyRules(output_kms_key="alias/a", volume_kms_key="alias/a"), ("alias/a",)),
        (CompanyRules(output_kms_key="alias/a", volume_kms_key="alias/b"), ("alias/a", "alias/b")),
    ],
)
def test_each_key_of_the_rules_is_checked_once(rules: CompanyRules, keys: tuple[str, ...]) -> None:
    assert Project("bucket", ROLE, "cn-north-1", "dev", rules=rules).keys == keys
