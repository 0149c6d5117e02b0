"""ARNs of what operations work on, as the Service Authorization Reference has them."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from include.local_aws.iam.actions import action_of
from include.local_aws.iam.resources import resources
from tests.include.local_aws.iam.account import ACCOUNT, KEY, PLACE, ROLE, arn, sagemaker

KEY_ID = "4dd98769-9b93-4272-bc16-dad0fb9ca740"
GROUP = "/aws/sagemaker/TrainingJobs"
Case = tuple[str, str, dict[str, Any], list[tuple[str, str]]]
CASES: list[Case] = [
    (
        "iam",
        "SimulatePrincipalPolicy",
        {"PolicySourceArn": ROLE, "ResourceArns": [f"arn:aws:iam::{ACCOUNT}:role/other"]},
        [("iam:SimulatePrincipalPolicy", ROLE)],
    ),
    (
        "sagemaker",
        "UpdateEndpoint",
        {"EndpointName": "a", "EndpointConfigName": "b"},
        [
            ("sagemaker:UpdateEndpoint", sagemaker("endpoint/a")),
            ("sagemaker:UpdateEndpoint", sagemaker("endpoint-config/b")),
        ],
    ),
    (
        "sagemaker",
        "DescribeModelPackage",
        {"ModelPackageName": sagemaker("model-package/group/1")},
        [("sagemaker:DescribeModelPackage", sagemaker("model-package/group/1"))],
    ),
    (
        "sagemaker",
        "CreateModelPackage",
        {"ModelPackageGroupName": "group"},
        [("sagemaker:CreateModelPackage", sagemaker("model-package-group/group"))],
    ),
    (
        "sagemaker",
        "AddAssociation",
        {"SourceArn": sagemaker("artifact/a"), "DestinationArn": sagemaker("context/b")},
        [
            ("sagemaker:AddAssociation", sagemaker("artifact/a")),
            ("sagemaker:AddAssociation", sagemaker("context/b")),
        ],
    ),
    (
        "sagemaker",
        "AddTags",
        {"ResourceArn": sagemaker("endpoint/A")},
        [("sagemaker:AddTags", sagemaker("endpoint/a"))],
    ),
    (
        "ssm",
        "GetParameters",
        {"Names": ["/a/b", "c:1"]},
        [("ssm:GetParameters", arn("ssm", f"parameter/{name}")) for name in ("a/b", "c")],
    ),
    (
        "ssm",
        "GetParametersByPath",
        {"Path": "/a/"},
        [("ssm:GetParametersByPath", arn("ssm", "parameter/a/"))],
    ),
    (
        "kms",
        "Decrypt",
        {"CiphertextBlob": base64.b64encode(f"{KEY_ID}sealed".encode()).decode()},
        [("kms:Decrypt", arn("kms", f"key/{KEY_ID}"))],
    ),
    ("kms", "Decrypt", {"CiphertextBlob": "!"}, [("kms:Decrypt", arn("kms", "key/*"))]),
    ("sagemaker", "ListTrainingJobs", {}, [("sagemaker:ListTrainingJobs", "*")]),
    (
        "sagemaker-metrics",
        "BatchPutMetrics",
        {"TrialComponentName": "a"},
        [("sagemaker:BatchPutMetrics", sagemaker("experiment-trial-component/a"))],
    ),
    (
        "sagemaker-runtime",
        "InvokeEndpoint",
        {"EndpointName": "Churn"},
        [("sagemaker:InvokeEndpoint", sagemaker("endpoint/churn"))],
    ),
    (
        "logs",
        "GetLogEvents",
        {"logGroupName": GROUP, "logStreamName": "a/b"},
        [("logs:GetLogEvents", arn("logs", f"log-group:{GROUP}:log-stream:a/b"))],
    ),
    (
        "logs",
        "DescribeLogStreams",
        {"logGroupName": GROUP},
        [("logs:DescribeLogStreams", arn("logs", f"log-group:{GROUP}:log-stream:"))],
    ),
    (
        "logs",
        "TagResource",
        {"resourceArn": arn("logs", f"log-group:{GROUP}")},
        [("logs:TagResource", arn("logs", f"log-group:{GROUP}"))],
    ),
    (
        "cloudwatch",
        "DeleteAlarms",
        {"AlarmNames": ["a", "b"]},
        [
            ("cloudwatch:DeleteAlarms", arn("cloudwatch", "alarm:a")),
            ("cloudwatch:DeleteAlarms", arn("cloudwatch", "alarm:b")),
        ],
    ),
    (
        "cloudwatch",
        "DescribeAlarms",
        {},
        [("cloudwatch:DescribeAlarms", arn("cloudwatch", "alarm:*"))],
    ),
    (
        "application-autoscaling",
        "RegisterScalableTarget",
        {"ResourceId": "endpoint/a/variant/b"},
        [
            (
                "application-autoscaling:RegisterScalableTarget",
                arn("application-autoscaling", "scalable-target/*"),
            )
        ],
    ),
    ("iam", "GetRole", {"RoleName": "trainer"}, [("iam:GetRole", ROLE)]),
    (
        "iam",
        "CreateRole",
        {"RoleName": "new", "Path": "/team/"},
        [("iam:CreateRole", arn("iam", "role/team/new", region=""))],
    ),
    ("sts", "AssumeRole", {"RoleArn": ROLE}, [("sts:AssumeRole", ROLE)]),
    (
        "ecr",
        "DescribeImages",
        {"repositoryName": "a"},
        [("ecr:DescribeImages", arn("ecr", "repository/a"))],
    ),
    ("kms", "Decrypt", {"KeyId": "a"}, [("kms:Decrypt", KEY)]),
    ("kms", "DescribeKey", {"KeyId": "alias/mine"}, [("kms:DescribeKey", KEY)]),
    ("kms", "Encrypt", {"KeyId": arn("kms", "alias/mine")}, [("kms:Encrypt", KEY)]),
    ("kms", "Sign", {"KeyId": KEY.replace("us-east-1", "eu-west-1")}, [("kms:Sign", KEY)]),
    ("sns", "CreateTopic", {"Name": "a"}, [("sns:CreateTopic", arn("sns", "a"))]),
    ("sns", "Publish", {"TopicArn": arn("sns", "a")}, [("sns:Publish", arn("sns", "a"))]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_action_is_on_the_resources_that_the_request_names(case: Case) -> None:
    service, operation, parameters, expected = case
    action = action_of(service, operation)
    assert action is not None
    assert [(action.name, on) for on in resources(action, parameters, PLACE)] == expected
