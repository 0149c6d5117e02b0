"""A stored AutoML job and what its steps leave, without a server."""

from __future__ import annotations

from typing import Any

from include.local_aws.core.store import Doc
from include.local_aws.testing import REGION
from tests.include.local_aws.jobs import ROLE, XGBOOST
from tests.include.local_aws.sagemaker.automl.tables import TARGET, channel

HOME = "s3://b/automl/job"


def job(tabular: Doc | None = None, **members: Any) -> Doc:
    """Return a job as it is stored, of one problem type that its analysis has resolved."""
    return {
        "AutoMLJobName": "job",
        "AutoMLJobArn": f"arn:aws:sagemaker:{REGION}:000000000000:automl-job/job",
        "CreationTime": 1000.0,
        "RoleArn": ROLE,
        "AutoMLJobInputDataConfig": [channel()],
        "OutputDataConfig": {"S3OutputPath": "s3://b/automl/"},
        "AutoMLProblemTypeConfig": {
            "TabularJobConfig": {"TargetAttributeName": TARGET} | (tabular or {})
        },
        "ResolvedProblemType": "BinaryClassification",
        "ResolvedClasses": 2,
    } | members


def trained(name: str, image: str = XGBOOST, **members: Any) -> Doc:
    """Return a completed training job of the tuning."""
    return {
        "TrainingJobName": name,
        "TrainingJobArn": f"arn:aws:sagemaker:{REGION}:000000000000:training-job/{name}",
        "TrainingJobStatus": "Completed",
        "TrainingJobDefinitionName": "dpp0-xgb",
        "AlgorithmSpecification": {"TrainingImage": image},
        "ModelArtifacts": {"S3ModelArtifacts": f"s3://b/{name}/model.tar.gz"},
        "FinalMetricDataList": [{"MetricName": "validation:f1_binary", "Value": 0.5}],
        "CreationTime": 1001.0,
        "LastModifiedTime": 1002.0,
        "TrainingEndTime": 1002.0,
    } | members
