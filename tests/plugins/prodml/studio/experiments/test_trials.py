"""Read an experiment's trials, completed and failed, in few calls."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.studio.experiments.trials import Trial, experiments, trials

from include.local_aws.testing import Server
from tests.plugins.runs import ROLE, XGBOOST


@pytest.fixture(scope="module")
def failed(server: Server, sagemaker: Any, bucket: str) -> tuple[str, str]:
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
    value = {"MetricName": "validation:auc", "Timestamp": time.time()}
    server.client("sagemaker-metrics").batch_put_metrics(
        TrialComponentName=f"{job}-aws-training-job",
        MetricData=[
            value | {"Value": auc, "Step": step} for step, auc in enumerate((0.7, 0.9, 0.8))
        ],
    )
    while sagemaker.describe_training_job(TrainingJobName=job)["TrainingJobStatus"] != "Failed":
        time.sleep(0.05)
    return experiment, job


def _only(experiment: str) -> Trial:
    (trial,) = trials(Aws(), experiment)
    return trial


def test_a_failed_trial_has_its_reason_parameters_and_metrics(failed: tuple[str, str]) -> None:
    experiment, job = failed
    trial = _only(experiment)
    assert (trial["name"], trial["job"], trial["trial"]) == ("tree", job, experiment)
    assert (trial["status"], trial["usable"]) == ("Failed", False)
    assert "studio/nothing" in trial["reason"]
    assert trial["parameters"] == {"eta": 0.3, "num_round": 5.0}
    auc = trial["metrics"]["validation:auc"]
    assert auc == {"last": 0.8, "min": 0.7, "max": 0.9, "avg": pytest.approx(0.8)}
    assert trial["data"]["train"].endswith("studio/nothing/")
    assert trial["instance_type"] == "ml.m5.large"
    assert json.dumps(trial)


def test_components_that_no_training_job_made_are_left_out(
    sagemaker: Any, failed: tuple[str, str]
) -> None:
    experiment, _ = failed
    sagemaker.create_trial_component(TrialComponentName="studio-other")
    sagemaker.associate_trial_component(TrialName=experiment, TrialComponentName="studio-other")
    assert _only(experiment)["name"] == "tree"


def test_the_newest_experiment_comes_first(sagemaker: Any, failed: tuple[str, str]) -> None:
    sagemaker.create_experiment(ExperimentName="studio-newer")
    names = [experiment["name"] for experiment in experiments(Aws())]
    assert names.index("studio-newer") < names.index(failed[0])
    assert trials(Aws(), "studio-newer") == []
