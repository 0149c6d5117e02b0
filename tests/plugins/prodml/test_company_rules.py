"""Read a company's rules from the environment."""

from __future__ import annotations

import pytest
from prodml.company_rules import CompanyRules, CompanyRulesError, read

KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-0123456789ab"
NETWORK = {"PRODML_SUBNETS": "subnet-0a1b2c3d", "PRODML_SECURITY_GROUPS": "sg-0a1b2c3d"}


def test_nothing_is_demanded_by_default() -> None:
    rules = read({"PRODML_KMS_KEY": "", "PRODML_TAGS": ""})
    assert rules == CompanyRules()
    assert not rules


def test_every_rule_is_read() -> None:
    stated = {
        "PRODML_SUBNETS": "subnet-0a1b2c3d, subnet-0123456789abcdef0",
        "PRODML_SECURITY_GROUPS": "sg-0a1b2c3d",
        "PRODML_KMS_KEY": KEY,
        "PRODML_OUTPUT_KMS_KEY": "alias/team/objects",
        "PRODML_NETWORK_ISOLATION": "True",
        "PRODML_ENCRYPT_TRAFFIC": "true",
        "PRODML_TAGS": "team=ml, cost centre=a=b, empty=",
    }
    rules = read(stated)
    assert rules == CompanyRules(
        subnets=("subnet-0a1b2c3d", "subnet-0123456789abcdef0"),
        security_groups=("sg-0a1b2c3d",),
        volume_kms_key=KEY,
        output_kms_key="alias/team/objects",
        network_isolation=True,
        encrypt_traffic=True,
        tags=(("team", "ml"), ("cost centre", "a=b"), ("empty", "")),
    )
    assert rules


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PRODML_SUBNETS", "vpc-0a1b2c3d"),
        ("PRODML_SUBNETS", ",".join(f"subnet-{n:08x}" for n in range(17))),
        ("PRODML_SECURITY_GROUPS", "sg-0a1b2c3d;sg-0a1b2c3e"),
        ("PRODML_KMS_KEY", "team-key"),
        ("PRODML_VOLUME_KMS_KEY", "arn:aws:kms:eu-west-1:123456789012:key/team"),
        ("PRODML_OUTPUT_KMS_KEY", "alias/"),
        ("PRODML_NETWORK_ISOLATION", "on"),
        ("PRODML_ENCRYPT_TRAFFIC", "1"),
        ("PRODML_TAGS", "team"),
        ("PRODML_TAGS", "=ml"),
        ("PRODML_TAGS", "team=ml,Team=other"),
        ("PRODML_TAGS", "aws:team=ml"),
        ("PRODML_TAGS", "prodml:run=ml"),
        ("PRODML_TAGS", "team=<ml>"),
        ("PRODML_TAGS", f"team={'m' * 257}"),
    ],
)
def test_a_rule_that_aws_would_refuse_is_refused_with_its_value(variable: str, value: str) -> None:
    with pytest.raises(CompanyRulesError) as refused:
        read({**NETWORK, variable: value})
    assert str(refused.value).startswith(f"{variable} is {value!r}; set it to ")


@pytest.mark.parametrize("variable", list(NETWORK))
def test_subnets_and_security_groups_go_together(variable: str) -> None:
    with pytest.raises(CompanyRulesError, match=f"{variable} is .* Set both"):
        read({variable: NETWORK[variable]})
