from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.iam.least_privilege import main, policy, within

ACCOUNT = "123456789012"
WHO = f"arn:aws:iam::{ACCOUNT}:role/airflow"
SAGEMAKER = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}"
GROUP = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/sagemaker/TrainingJobs"


DEV = partial(within, ["dev-"])
PASSED = {"iam:passedtoservice": ["sagemaker.amazonaws.com"]}


def call(action: str, resource: str, principal: str = WHO) -> dict[str, Any]:
    keys = PASSED if action == "iam:PassRole" else {}
    return {"principal": principal, "action": action, "resource": resource, "keys": keys}


CALLS = [
    call("sagemaker:CreateTrainingJob", f"{SAGEMAKER}:training-job/dev-churn-1"),
    call("sagemaker:CreateTrainingJob", f"{SAGEMAKER}:training-job/dev-churn-2"),
    call("sagemaker:DescribeTrainingJob", f"{SAGEMAKER}:training-job/dev-churn-2"),
    call("sagemaker:DescribeEndpoint", f"{SAGEMAKER}:endpoint/churn"),
    call("sagemaker:ListTrainingJobs", "*"),
    call("s3:GetObject", "arn:aws:s3:::data/in/a.csv"),
    call("s3:ListBucket", "arn:aws:s3:::data"),
    call("logs:GetLogEvents", f"{GROUP}:log-stream:dev-churn-1/algo-1"),
    call("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/execution"),
    call("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/a", "another"),
]


def test_policy_has_what_was_called_on_the_names_of_the_deployment() -> None:
    statements = policy(CALLS, WHO, DEV)["Statement"]
    assert [(entry["Action"], entry["Resource"]) for entry in statements] == [
        (["logs:GetLogEvents"], [f"{GROUP}:*"]),
        (["s3:GetObject"], ["arn:aws:s3:::data/*"]),
        (["s3:ListBucket"], ["arn:aws:s3:::data"]),
        (
            ["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob"],
            [f"{SAGEMAKER}:training-job/dev-*"],
        ),
        (["sagemaker:DescribeEndpoint"], [f"{SAGEMAKER}:endpoint/churn"]),
        (["sagemaker:ListTrainingJobs"], ["*"]),
        (["iam:PassRole"], [f"arn:aws:iam::{ACCOUNT}:role/execution"]),
    ]
    assert statements[-1]["Condition"] == {
        "StringEquals": {"iam:PassedToService": ["sagemaker.amazonaws.com"]}
    }


def test_policy_does_not_depend_on_the_order_of_calls() -> None:
    assert policy(CALLS[::-1], WHO, DEV) == policy(CALLS, WHO, DEV)


def test_command_prints_it_and_names_the_principals_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "calls.json"
    path.write_text(json.dumps({"calls": CALLS}))
    main([str(path), "--principal", WHO, "--prefix", "dev-"])
    assert json.loads(capsys.readouterr().out) == policy(CALLS, WHO, DEV)
    with pytest.raises(SystemExit):
        main([str(path), "--principal", "unknown"])
    assert f"Available: another, {WHO}." in capsys.readouterr().err
