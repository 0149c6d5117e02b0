"""An experiment with one training job, which failed after it had reported metrics."""

from __future__ import annotations

import time
from typing import Any

import pytest

from include.local_aws.testing import Server
from tests.plugins.runs import ROLE, XGBOOST


@pytest.fixture(scope="session")
def failed_trial(server: Server, sagemaker: Any, bucket: str) -> tuple[str, str]:
    """An experiment, and its job that had no data, with metrics of a first epoch."""
    experiment = job = "studio-trials"
    sagemaker.create_experiment(ExperimentName=experiment)
    sagemaker.create_trial(TrialName=experiment, ExperimentName=experiment)
    nothing = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/studio/nothing/"}
    sagemaker.create_training_job(
        TrainingJobName=job,
        AlgorithmSpecification={"TrainingImage": XGBOOST, "TrainingInputMode": "File"},
        HyperParameters={"eta": "0.3", "num_round": "5"},
        RoleArn=ROLE,
        InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": nothing}}],
        OutputDataConfig={"S3OutputPath": f"s3://{bucket}/studio/"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        StoppingCondition={"MaxRuntimeInSeconds": 60},
        ExperimentConfig={"TrialName": experiment, "TrialComponentDisplayName": "tree"},
    )
    value: dict[str, Any] = {"MetricName": "validation:auc", "Timestamp": time.time()}
    server.client("sagemaker-metrics").batch_put_metrics(
        TrialComponentName=f"{job}-aws-training-job",
        MetricData=[
            value | {"Value": auc, "Step": step} for step, auc in enumerate((0.7, 0.9, 0.8))
        ],
    )
    while sagemaker.describe_training_job(TrainingJobName=job)["TrainingJobStatus"] != "Failed":
        time.sleep(0.05)
    return experiment, job
