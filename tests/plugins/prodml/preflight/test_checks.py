"""All checks in a row, and what an error of one becomes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.company_rules import CompanyRules
from prodml.preflight.checks import findings

from include.local_aws.core.processes import free_port
from include.local_aws.testing import REGION, connection_to
from tests.plugins.prodml.preflight.conftest import Checked
from tests.plugins.rules import KEY
from tests.plugins.runs import XGBOOST


def test_nothing_is_wrong_in_a_new_account(checked: Checked, bucket: str) -> None:
    quotas = {"ml.m5.large for training job usage": 1}
    project = replace(checked.project, quotas=quotas, images=(XGBOOST,))
    lines = list(findings(checked.aws, project))
    assert {line.state for line in lines} == {"OK", "UNKNOWN"}
    unknown = {line.check for line in lines if line.state == "UNKNOWN"}
    names = ("of Airflow", "for APIs", "of jobs")
    assert unknown == {f"permissions {name}" for name in names}  # no folder of policies


def test_denied_check_is_unknown_and_others_go_on(server: Any, checked: Checked) -> None:
    project = replace(checked.project, rules=CompanyRules(output_kms_key=KEY))
    with server.faults({"operation": "DescribeKey", "error": "AccessDeniedException"}):
        lines = {line.check: line for line in findings(checked.aws, project)}
    assert lines["keys"].state == "UNKNOWN"
    assert "infra/policies/preflight.json" in lines["keys"].fix
    assert lines["reach sagemaker"].state == "OK"


@pytest.mark.parametrize(
    ("fault", "fix"),
    [
        ("ExpiredToken", "Correct the credentials"),
        ("InvalidClientTokenId", "Correct the credentials"),
    ],
)
def test_without_an_identity_nothing_else_is_checked(
    server: Any, checked: Checked, fault: str, fix: str
) -> None:
    with server.faults({"operation": "GetCallerIdentity", "error": fault, "status": 403}):
        (line,) = findings(checked.aws, checked.project)
    assert (line.check, line.state) == ("identity", "WRONG")
    assert line.fix.startswith(fix)


def test_unreachable_account(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_CLOSED", connection_to(f"http://127.0.0.1:{free_port()}"))
    once = {"retries": {"total_max_attempts": 1}}
    (line,) = findings(Aws("closed", REGION, botocore_config=once), checked.project)
    assert (line.check, line.state) == ("identity", "WRONG")
    assert line.fix.startswith("Allow HTTPS")
