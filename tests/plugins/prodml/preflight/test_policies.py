"""The statements of a policy become the requests of one project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from prodml.company_rules import CompanyRules
from prodml.preflight.policies import Need, needs
from prodml.preflight.project import Project

from tests.plugins.rules import KEY
from tests.plugins.runs import ROLE

PROJECT = Project("acme", ROLE, "us-east-1", "Dev")


def _needs(folder: Path, project: Project, *statements: dict[str, Any]) -> list[Need]:
    path = folder / "policy.json"
    path.write_text(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    return list(needs(path, project))


def test_placeholders_and_wildcards_become_names(tmp_path: Path) -> None:
    job = "arn:${Partition}:sagemaker:${Region}:${AccountId}:training-job/${Prefix}-*"
    passed = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    (need,) = _needs(
        tmp_path,
        PROJECT,
        {"Action": ["a:B", "a:*"], "Resource": [job, "*"], "Condition": passed},
    )
    assert need.actions == ("a:B",)
    name = "arn:aws:sagemaker:us-east-1:000000000000:training-job/dev-preflight"
    assert need.resources == (name, "*")
    assert need.keys == {"iam:PassedToService": "sagemaker.amazonaws.com"}


def test_key_is_needed_only_where_there_is_one(tmp_path: Path) -> None:
    statement = {"Action": "kms:Decrypt", "Resource": "${KeyArn}"}
    assert _needs(tmp_path, PROJECT, statement) == []
    project = Project("acme", ROLE, "us-east-1", "dev", rules=CompanyRules(output_kms_key=KEY))
    assert _needs(tmp_path, project, statement) == [Need(("kms:Decrypt",), (KEY,))]
