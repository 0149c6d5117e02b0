"""Actions and resources of requests, as the Service Authorization Reference has them."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.iam.asked import Asked
from include.local_aws.iam.needs import NoEntry, needs
from tests.include.local_aws.iam.account import PLACE, ROLE, sagemaker

Case = tuple[str, str, dict[str, Any], list[tuple[str, str]]]
CASES: list[Case] = [
    (
        "sagemaker",
        "CreateTrainingJob",
        {"TrainingJobName": "My-Job", "RoleArn": ROLE, "Tags": [{"Key": "a", "Value": "b"}]},
        [
            ("sagemaker:CreateTrainingJob", sagemaker("training-job/my-job")),
            ("sagemaker:AddTags", sagemaker("training-job/my-job")),
            ("iam:PassRole", ROLE),
        ],
    ),
    (
        "sagemaker",
        "CreateTransformJob",
        {"TransformJobName": "a"},
        [("sagemaker:CreateTransformJob", sagemaker("transform-job/a"))],
    ),
    (
        "sagemaker",
        "CreateMonitoringSchedule",
        {
            "MonitoringScheduleName": "a",
            "MonitoringScheduleConfig": {"MonitoringJobDefinition": {"RoleArn": ROLE}},
        },
        [
            ("sagemaker:CreateMonitoringSchedule", sagemaker("monitoring-schedule/a")),
            ("iam:PassRole", ROLE),
        ],
    ),
    ("sts", "GetCallerIdentity", {}, []),
    (
        "s3",
        "DeleteObjects",
        {"Bucket": "a", "Keys": ["b", "c"], "VersionKeys": []},
        [("s3:DeleteObject", "arn:aws:s3:::a/b"), ("s3:DeleteObject", "arn:aws:s3:::a/c")],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_actions_and_resources_of_a_request(case: Case) -> None:
    service, operation, parameters, expected = case
    result = needs(Asked(service, operation, parameters), PLACE)
    assert [(need.action, need.resource) for need in result] == expected


@pytest.mark.parametrize(
    ("service", "operation"),
    [("sagemaker", "CreateAnything"), ("s3", ""), ("unheard", "Of"), ("..", "iam")],
)
def test_operation_without_an_entry_is_named(service: str, operation: str) -> None:
    with pytest.raises(NoEntry, match=f"{service}:{operation}"):
        needs(Asked(service, operation, {"Bucket": "a"}), PLACE)


def test_passing_a_role_says_to_which_service() -> None:
    request = {"TrainingJobName": "a", "RoleArn": ROLE}
    *_, need = needs(Asked("sagemaker", "CreateTrainingJob", request), PLACE)
    assert need.keys["iam:passedtoservice"] == ("sagemaker.amazonaws.com",)
    assert need.keys["iam:associatedresourcearn"] == (sagemaker("training-job/a"),)


@pytest.mark.parametrize(
    ("parameters", "secrets"),
    [({"SecretIdList": ["a", "b"]}, ["secret:a", "secret:b"]), ({"Filters": []}, ["secret:*"])],
    ids=["listed", "filtered"],
)
def test_batch_of_secrets_needs_each_of_them(
    parameters: dict[str, Any], secrets: list[str]
) -> None:
    result = needs(Asked("secretsmanager", "BatchGetSecretValue", parameters), PLACE)
    read = [need.resource for need in result if need.action == "secretsmanager:GetSecretValue"]
    assert [resource.split(":", 5)[5] for resource in read] == secrets
