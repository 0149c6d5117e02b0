"""Files of service control policies.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.iam.decisions import Policies, decide
from include.local_aws.iam.organization import service_control_policies
from include.local_aws.iam.policies import MalformedPolicy, Query
from include.local_aws.iam.principals import root

DENY = {"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}
ALLOW = {"Statement": {"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*"}}


@pytest.mark.parametrize(
    ("documents", "allowed"),
    [
        ([], {"iam:GetRole", "s3:GetObject", "sagemaker:Search"}),
        ([DENY], {"iam:GetRole", "sagemaker:Search"}),
        ([ALLOW], {"sagemaker:Search"}),
        ([[DENY, ALLOW]], {"sagemaker:Search"}),
        ([DENY, ALLOW], {"sagemaker:Search"}),
    ],
)
def test_denials_keep_full_access_and_an_allow_replaces_it(
    tmp_path: Path, documents: list[Any], allowed: set[str]
) -> None:
    files = []
    for number, document in enumerate(documents):
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(json.dumps(document))
    policies = Policies(scps=service_control_policies(files))
    actions = ("iam:GetRole", "s3:GetObject", "sagemaker:Search")
    who = root("123456789012")
    assert {a for a in actions if decide(Query(who, a, "*"), policies).allowed} == allowed


@pytest.mark.parametrize("text", ["{", "[]x", '{"Version": "2012-10-17"}'])
def test_file_that_holds_no_policy_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "scp.json"
    path.write_text(text)
    with pytest.raises(MalformedPolicy, match=r"scp\.json"):
        service_control_policies([path])


def test_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(MalformedPolicy, match=r"none\.json cannot be read: No such file"):
        service_control_policies([tmp_path / "none.json"])
