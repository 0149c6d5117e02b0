"""Under a service control policy that demands everything, nothing of ours is denied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from prodml.aws.rules import with_rules

from include.local_aws.iam import policies
from include.local_aws.iam.asked import Asked
from include.local_aws.iam.decisions import Policies, decide
from include.local_aws.iam.needs import needs
from include.local_aws.iam.principals import root
from include.local_aws.iam.resources import Place
from tests.plugins.rules import VARIABLES, demanding
from tests.root import ROOT

Json = dict[str, Any]
PLACE = Place("000000000000", "us-east-1")
SCP = policies.parsed((ROOT / "docs" / "how-to" / "company-scp.json").read_text())
CLUSTER = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10}
TRAINING = {"ResourceConfig": CLUSTER, "OutputDataConfig": {"S3OutputPath": "s3://b/m"}}
PROCESSING = {
    "ProcessingResources": {"ClusterConfig": CLUSTER},
    "ProcessingOutputConfig": {"Outputs": []},
}
TRANSFORM = {"TransformResources": CLUSTER, "TransformOutput": {"S3OutputPath": "s3://b/o"}}
REQUESTS: dict[str, Json] = {
    "CreateTrainingJob": {"TrainingJobName": "a", **TRAINING},
    "CreateProcessingJob": {"ProcessingJobName": "a", **PROCESSING},
    "CreateHyperParameterTuningJob": {
        "HyperParameterTuningJobName": "a",
        "TrainingJobDefinition": TRAINING,
    },
    "CreateTransformJob": {"TransformJobName": "a", **TRANSFORM},
    "CreateModel": {"ModelName": "a"},
    "CreateEndpointConfig": {"EndpointConfigName": "a", "ProductionVariants": [CLUSTER]},
    "CreateEndpoint": {"EndpointName": "a", "EndpointConfigName": "a"},
    "CreateModelPackageGroup": {"ModelPackageGroupName": "a"},
    "CreateExperiment": {"ExperimentName": "a"},
    "CreateTrial": {"TrialName": "a", "ExperimentName": "a"},
    "PutObject": {"Bucket": "b", "Key": "k"},
}
JOBS = {"CreateTrainingJob", "CreateProcessingJob", "CreateHyperParameterTuningJob"}
VOLUMES = JOBS | {"CreateTransformJob", "CreateEndpointConfig"}
# What is denied once one rule is missing.
DENIED = {
    "PRODML_NETWORK_ISOLATION": JOBS | {"CreateModel"},
    "PRODML_ENCRYPT_TRAFFIC": JOBS,
    "PRODML_KMS_KEY": VOLUMES | {"PutObject"},
    "PRODML_TAGS": REQUESTS.keys() - {"PutObject"},
}


def _asked(operation: str, request: Json) -> Asked:
    if operation != "PutObject":
        return Asked("sagemaker", operation, request)
    key = request.get("SSEKMSKeyId")
    headers = {"x-amz-server-side-encryption-aws-kms-key-id": key} if key else {}
    return Asked("s3", operation, request | {"headers": headers})


def _denied() -> Iterator[str]:
    for operation, request in REQUESTS.items():
        for need in needs(_asked(operation, with_rules(operation, request)), PLACE):
            query = policies.Query(root(PLACE.account), need.action, need.resource, need.keys)
            if not decide(query, Policies(scps=(SCP,))).allowed:
                yield operation


def test_with_all_rules_nothing_is_denied() -> None:
    with demanding(VARIABLES):
        assert set(_denied()) == set()


@pytest.mark.parametrize("missing", list(DENIED))
def test_without_one_rule_what_needs_it_is_denied(missing: str) -> None:
    with demanding({name: VARIABLES[name] for name in VARIABLES if name != missing}):
        assert set(_denied()) == DENIED[missing]


def test_without_a_network_jobs_and_models_are_denied() -> None:
    network = ("PRODML_SUBNETS", "PRODML_SECURITY_GROUPS")
    with demanding({name: VARIABLES[name] for name in VARIABLES if name not in network}):
        assert set(_denied()) == JOBS | {"CreateModel"}
