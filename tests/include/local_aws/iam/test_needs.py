"""Actions and resources of requests, as the Service Authorization Reference has them."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws import operations  # noqa: F401  (registers every emulated operation)
from include.local_aws.core.registry import OPERATIONS
from include.local_aws.iam.actions import action_of
from include.local_aws.iam.asked import REST_METHOD, REST_PATH, Asked
from include.local_aws.iam.needs import NoEntry, needs
from include.local_aws.iam.resources import Place

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/trainer"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/a"
ARNS = {("role", "trainer"): ROLE, ("key", "a"): KEY, ("key", "alias/mine"): KEY}
PLACE = Place(ACCOUNT, "us-east-1", lambda kind, name: ARNS.get((kind, name)))


def arn(service: str, resource: str, region: str = "us-east-1") -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"


def sagemaker(resource: str) -> str:
    return arn("sagemaker", resource)


GROUP = "/aws/sagemaker/TrainingJobs"
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
        "iam",
        "SimulatePrincipalPolicy",
        {"PolicySourceArn": ROLE, "ResourceArns": [f"arn:aws:iam::{ACCOUNT}:role/other"]},
        [("iam:SimulatePrincipalPolicy", ROLE)],
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
    ("sts", "GetCallerIdentity", {}, []),
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
    ("s3", "HeadObject", {"Bucket": "a", "Key": "b/c"}, [("s3:GetObject", "arn:aws:s3:::a/b/c")]),
    (
        "s3",
        "GetObject",
        {"Bucket": "a", "Key": "b", "query": {"versionId": "1"}},
        [("s3:GetObjectVersion", "arn:aws:s3:::a/b")],
    ),
    ("s3", "ListObjectsV2", {"Bucket": "a"}, [("s3:ListBucket", "arn:aws:s3:::a")]),
    ("s3", "ListBuckets", {"Bucket": ""}, [("s3:ListAllMyBuckets", "*")]),
    (
        "s3",
        "CopyObject",
        {"Bucket": "a", "Key": "b", "CopySource": "c/d", "headers": {"x-amz-tagging": "e=f"}},
        [
            ("s3:PutObject", "arn:aws:s3:::a/b"),
            ("s3:GetObject", "arn:aws:s3:::c/d"),
            ("s3:PutObjectTagging", "arn:aws:s3:::a/b"),
        ],
    ),
    (
        "s3",
        "DeleteObjects",
        {"Bucket": "a", "Keys": ["b", "c"]},
        [("s3:DeleteObject", "arn:aws:s3:::a/b"), ("s3:DeleteObject", "arn:aws:s3:::a/c")],
    ),
    (
        "s3",
        "DeleteBucketLifecycle",
        {"Bucket": "a"},
        [("s3:PutLifecycleConfiguration", "arn:aws:s3:::a")],
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


def test_every_emulated_operation_has_an_entry() -> None:
    named = [pair for pair in OPERATIONS if pair[0] != "apigateway"]
    assert [pair for pair in named if action_of(*pair) is None] == []


def test_actions_of_api_gateway_are_methods_on_paths() -> None:
    given = {REST_METHOD: "PUT", REST_PATH: "/restapis/a/resources/b", "credentials": ROLE}
    required = needs(Asked("apigateway", "PutIntegration", given), PLACE)
    assert [(need.action, need.resource) for need in required] == [
        ("apigateway:PUT", "arn:aws:apigateway:us-east-1::/restapis/a/resources/b"),
        ("iam:PassRole", ROLE),
    ]
    assert required[1].keys["iam:passedtoservice"] == ("apigateway.amazonaws.com",)


def test_passing_a_role_says_to_which_service() -> None:
    request = {"TrainingJobName": "a", "RoleArn": ROLE}
    *_, need = needs(Asked("sagemaker", "CreateTrainingJob", request), PLACE)
    assert need.keys["iam:passedtoservice"] == ("sagemaker.amazonaws.com",)
    assert need.keys["iam:associatedresourcearn"] == (sagemaker("training-job/a"),)
