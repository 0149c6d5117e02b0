"""Condition keys of requests, as SageMaker, S3 and CloudWatch document them."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.iam.asked import Asked
from include.local_aws.iam.request_keys import keys_of
from include.local_aws.iam.resources import Place

PLACE = Place("123456789012", "us-east-1")
JOB = {
    "ResourceConfig": {"InstanceType": "ml.m5.large", "VolumeKmsKeyId": "volume"},
    "OutputDataConfig": {"KmsKeyId": "output"},
    "VpcConfig": {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]},
    "EnableNetworkIsolation": True,
    "EnableInterContainerTrafficEncryption": False,
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    "Tags": [{"Key": "Team", "Value": "ml"}],
}
OF_A_JOB = {
    "aws:requesttag/team": ("ml",),
    "aws:tagkeys": ("Team",),
    "sagemaker:instancetypes": ("ml.m5.large",),
    "sagemaker:volumekmskey": ("volume",),
    "sagemaker:outputkmskey": ("output",),
    "sagemaker:vpcsubnets": ("subnet-1", "subnet-2"),
    "sagemaker:vpcsecuritygroupids": ("sg-1",),
    "sagemaker:networkisolation": ("true",),
    "sagemaker:intercontainertrafficencryption": ("false",),
    "sagemaker:maxruntimeinseconds": ("60",),
}
MODEL = "arn:aws:sagemaker:us-east-1:123456789012:model/a"
Case = tuple[str, str, dict[str, Any], dict[str, tuple[str, ...]]]
CASES: list[Case] = [
    ("sagemaker", "CreateTrainingJob", JOB, OF_A_JOB),
    (
        "sagemaker",
        "CreateHyperParameterTuningJob",
        {"TrainingJobDefinition": {key: JOB[key] for key in JOB.keys() - {"Tags"}}},
        {key: value for key, value in OF_A_JOB.items() if key.startswith("sagemaker:")},
    ),
    (
        "sagemaker",
        "CreateEndpointConfig",
        {"KmsKeyId": "volume", "ProductionVariants": [{"ModelName": "A", "InstanceType": "b"}]},
        {
            "sagemaker:volumekmskey": ("volume",),
            "sagemaker:modelarn": (MODEL,),
            "sagemaker:instancetypes": ("b",),
        },
    ),
    (
        "sagemaker",
        "CreateNotebookInstance",
        {"RootAccess": "Disabled", "DirectInternetAccess": "Enabled", "SubnetId": "subnet-1"},
        {
            "sagemaker:rootaccess": ("Disabled",),
            "sagemaker:directinternetaccess": ("Enabled",),
            "sagemaker:vpcsubnets": ("subnet-1",),
        },
    ),
    (
        "sagemaker-runtime",
        "InvokeEndpoint",
        {"TargetModel": "a.tar.gz"},
        {"sagemaker:targetmodel": ("a.tar.gz",)},
    ),
    ("cloudwatch", "PutMetricData", {"Namespace": "A"}, {"cloudwatch:namespace": ("A",)}),
    (
        "application-autoscaling",
        "RegisterScalableTarget",
        {"ServiceNamespace": "sagemaker"},
        {"application-autoscaling:service-namespace": ("sagemaker",)},
    ),
    (
        "s3",
        "ListObjectsV2",
        {"query": {"prefix": "a/", "max-keys": "1"}, "headers": {"x-amz-acl": "private"}},
        {"s3:prefix": ("a/",), "s3:max-keys": ("1",), "s3:x-amz-acl": ("private",)},
    ),
    (
        "kms",
        "Decrypt",
        {"EncryptionContext": {"A": "b"}},
        {
            "kms:calleraccount": ("123456789012",),
            "kms:encryptioncontext:a": ("b",),
            "kms:encryptioncontextkeys": ("A",),
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_keys_of_a_request(case: Case) -> None:
    service, operation, parameters, expected = case
    region = {"aws:requestedregion": ("us-east-1",)}
    assert keys_of(Asked(service, operation, parameters), PLACE) == expected | region
