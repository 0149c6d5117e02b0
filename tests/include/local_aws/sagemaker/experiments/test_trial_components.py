from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.experiments.trial_components import finish_component
from include.local_aws.testing import Server
from tests.include.local_aws.jobs import CLUSTER, ROLE, SKLEARN
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


@pytest.fixture(name="trial")
def _trial(sagemaker: Any, unique: Unique) -> str:
    experiment, trial = unique("experiment"), unique("trial")
    sagemaker.create_experiment(ExperimentName=experiment)
    sagemaker.create_trial(TrialName=trial, ExperimentName=experiment)
    return trial


@pytest.fixture(name="component")
def _component(sagemaker: Any, unique: Unique) -> str:
    name = unique("component")
    sagemaker.create_trial_component(
        TrialComponentName=name,
        Parameters={"depth": {"NumberValue": 3.0}, "objective": {"StringValue": "auc"}},
        InputArtifacts={"train": {"Value": "s3://bucket/train", "MediaType": "text/csv"}},
        Status={"PrimaryStatus": "InProgress"},
    )
    return name


def describe(sagemaker: Any, name: str) -> dict[str, Any]:
    return dict(sagemaker.describe_trial_component(TrialComponentName=name))


def test_update_merges_maps_and_removes_the_named_keys(sagemaker: Any, component: str) -> None:
    sagemaker.update_trial_component(
        TrialComponentName=component,
        Parameters={"depth": {"NumberValue": 5.0}, "eta": {"NumberValue": 0.1}},
        ParametersToRemove=["objective"],
        OutputArtifacts={"model": {"Value": "s3://bucket/model.tar.gz"}},
        Status={"PrimaryStatus": "Completed", "Message": "done"},
    )
    described = describe(sagemaker, component)
    assert described["Parameters"] == {
        "depth": {"NumberValue": 5.0},
        "eta": {"NumberValue": 0.1},
    }
    assert described["InputArtifacts"]["train"]["Value"] == "s3://bucket/train"
    assert described["OutputArtifacts"]["model"]["Value"] == "s3://bucket/model.tar.gz"
    assert described["Status"] == {"PrimaryStatus": "Completed", "Message": "done"}


def test_component_is_in_many_trials_and_leaves_one(
    sagemaker: Any, trial: str, component: str, unique: Unique
) -> None:
    other = unique("trial")
    experiment = sagemaker.describe_trial(TrialName=trial)["ExperimentName"]
    sagemaker.create_trial(TrialName=other, ExperimentName=experiment)
    for name in (trial, other):
        request = {"TrialName": name, "TrialComponentName": component}
        answer = sagemaker.associate_trial_component(**request)
        assert answer["TrialArn"].endswith(f"experiment-trial/{name}")
    sagemaker.disassociate_trial_component(TrialName=trial, TrialComponentName=component)
    trials = sagemaker.list_trials(TrialComponentName=component)["TrialSummaries"]
    assert [t["TrialName"] for t in trials] == [other]


def test_associating_twice_changes_nothing(sagemaker: Any, trial: str, component: str) -> None:
    for _ in range(2):
        sagemaker.associate_trial_component(TrialName=trial, TrialComponentName=component)
    summaries = sagemaker.list_trial_components(TrialName=trial)["TrialComponentSummaries"]
    assert [c["TrialComponentName"] for c in summaries] == [component]


def test_components_are_listed_by_experiment(sagemaker: Any, trial: str, component: str) -> None:
    sagemaker.associate_trial_component(TrialName=trial, TrialComponentName=component)
    experiment = sagemaker.describe_trial(TrialName=trial)["ExperimentName"]
    response = sagemaker.list_trial_components(ExperimentName=experiment)
    assert [c["TrialComponentName"] for c in response["TrialComponentSummaries"]] == [component]


def test_an_associated_entity_is_not_deleted(sagemaker: Any, trial: str, component: str) -> None:
    sagemaker.associate_trial_component(TrialName=trial, TrialComponentName=component)
    code, message = refusal(sagemaker.delete_trial_component, TrialComponentName=component)
    assert code == "ValidationException"
    assert trial in message
    assert refusal(sagemaker.delete_trial, TrialName=trial)[0] == "ValidationException"
    sagemaker.disassociate_trial_component(TrialName=trial, TrialComponentName=component)
    sagemaker.delete_trial_component(TrialComponentName=component)
    sagemaker.delete_trial(TrialName=trial)


def test_unknown_trial_and_component_are_refused(
    sagemaker: Any, trial: str, component: str, unique: Unique
) -> None:
    associate = sagemaker.associate_trial_component
    unknown = unique("unknown")
    code, _ = refusal(associate, TrialName=unknown, TrialComponentName=component)
    assert code == "ResourceNotFound"
    code, _ = refusal(associate, TrialName=trial, TrialComponentName=unknown)
    assert code == "ResourceNotFound"


def put(client: Any, component: str, metric: str, *values: float) -> None:
    start = dt.datetime.now(dt.UTC)
    data = [
        {
            "MetricName": metric,
            "Timestamp": start + dt.timedelta(seconds=step),
            "Step": step,
            "Value": value,
        }
        for step, value in enumerate(values)
    ]
    assert client.batch_put_metrics(TrialComponentName=component, MetricData=data)["Errors"] == []


def test_metrics_are_summed_up(local_aws: Server, sagemaker: Any, component: str) -> None:
    client = local_aws.client("sagemaker-metrics")
    put(client, component, "validation:auc", 0.5, 0.9, 0.7)
    put(client, component, "loss", 1.0)
    auc, loss = describe(sagemaker, component)["Metrics"]
    assert auc["MetricName"] == "validation:auc"
    assert (auc["Min"], auc["Max"], auc["Last"], auc["Count"]) == (0.5, 0.9, 0.7, 3)
    assert auc["Avg"] == pytest.approx(0.7)
    assert (loss["Count"], loss["StdDev"]) == (1, 0)


def test_metrics_end_with_their_component(
    local_aws: Server, sagemaker: Any, component: str
) -> None:
    """One made later under the same name starts without a past."""
    put(local_aws.client("sagemaker-metrics"), component, "loss", 1.0)
    sagemaker.delete_trial_component(TrialComponentName=component)
    sagemaker.create_trial_component(TrialComponentName=component)
    assert describe(sagemaker, component).get("Metrics", []) == []


def test_a_jobs_component_has_its_instances(sagemaker: Any, unique: Unique) -> None:
    """In the members that AWS writes: a training job's image is a parameter."""
    name, image = unique("component"), SKLEARN
    sagemaker.create_training_job(
        TrainingJobName=name,
        RoleArn=ROLE,
        AlgorithmSpecification={
            "TrainingImage": image,
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["true"],
        },
        HyperParameters={"depth": "3", "kind": "tree", "limit": "inf"},
        OutputDataConfig={"S3OutputPath": "s3://unknown/models"},
        ResourceConfig={"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30},
        StoppingCondition={"MaxRuntimeInSeconds": 60},
        DebugHookConfig={"S3OutputPath": "s3://unknown/debug"},
    )
    described = describe(sagemaker, f"{name}-aws-training-job")
    assert described["Parameters"] == {
        "depth": {"NumberValue": 3.0},
        "kind": {"StringValue": "tree"},
        "limit": {"StringValue": "inf"},
        "SageMaker.ImageUri": {"StringValue": image},
        "SageMaker.InstanceCount": {"NumberValue": 1.0},
        "SageMaker.InstanceType": {"StringValue": "ml.m5.large"},
        "SageMaker.VolumeSizeInGB": {"NumberValue": 30.0},
    }
    assert described["OutputArtifacts"]["SageMaker.DebugHookOutput"] == {
        "Value": "s3://unknown/debug"
    }
    assert described["Source"]["SourceType"] == "SageMakerTrainingJob"


def test_a_processing_jobs_image_is_an_input(sagemaker: Any, unique: Unique) -> None:
    name = unique("component")
    sagemaker.create_processing_job(
        ProcessingJobName=name,
        RoleArn=ROLE,
        AppSpecification={"ImageUri": SKLEARN, "ContainerEntrypoint": ["true"]},
        ProcessingResources={"ClusterConfig": CLUSTER},
    )
    described = describe(sagemaker, f"{name}-aws-processing-job")
    assert described["Parameters"] == {
        "SageMaker.InstanceCount": {"NumberValue": 1.0},
        "SageMaker.InstanceType": {"StringValue": "ml.m5.large"},
        "SageMaker.VolumeSizeInGB": {"NumberValue": 10.0},
    }
    assert described["InputArtifacts"] == {"SageMaker.ImageUri": {"Value": SKLEARN}}


def test_a_component_that_is_deleted_while_its_job_runs_is_not_missed(aws: Aws) -> None:
    """Let the job itself end."""
    finish_component(aws, "deleted", "Completed")
    assert aws.store.list("trial-component") == []
