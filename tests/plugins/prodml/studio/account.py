"""Fill an account with models as the retrain DAGs leave them: versions, an endpoint, a pin."""

from __future__ import annotations

import time
from typing import Any

from prodml.aws.client import Aws
from prodml.endpoints.cleanup import OWNER, SERVED
from prodml.endpoints.component import Component
from prodml.endpoints.hosted import Hosted
from prodml.naming import REQUEST, Identity

from tests.include.local_aws.models import Platform
from tests.plugins.runs import CLUSTER, ROLE, SKLEARN, XGBOOST

DEPLOYED_BY = Identity("local", "deploy_model", "manual__2026-11-27", "deploy")


def facts(group: str, number: int, auc: float) -> dict[str, str]:
    """Return the metadata of a version, as `include/pipelines` writes it."""
    return {
        REQUEST: f"{number:064x}",
        "judged_by": "auc",
        "metric:holdout_auc": str(auc),
        "metric:holdout_accuracy": str(auc - 0.1),
        "metric:selected_by": str(auc + 0.02),
        "window_start": f"2024-0{number}-01T00:00:00+00:00",
        "window_end": f"2024-0{number}-29T00:00:00+00:00",
        "training_rows": "2666",
        "trial": trial_of(group, number),
        "endpoint": group,
        "made_by_dag": "retrain_churn",
        "made_by_run": f"scheduled__2024-0{number}-29T00:00:00+00:00",
    }


def trial_of(group: str, number: int) -> str:
    """Return the trial of a version."""
    return f"{group}-{number}"


def folder_of(platform: Platform, group: str, number: int) -> str:
    """Return the S3 prefix of the run that made a version."""
    return f"s3://{platform.bucket}/{group}/{number}"


def decision(approval: str) -> dict[str, str]:
    """Return what the answer of a person has left."""
    if approval == "PendingManualApproval":
        return {}
    at = "2026-11-29T06:00:00+00:00"
    return {"decided": approval, "decided_by": "ada", "decided_at": at}


def register(platform: Platform, group: str, aucs: dict[float, str]) -> list[str]:
    """Register a version for each holdout score, with its approval; return their ARNs."""
    platform.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    container = platform.container()
    types = {"SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]}
    arns = []
    for number, (auc, approval) in enumerate(aucs.items(), start=1):
        uri = f"{folder_of(platform, group, number)}/evaluation/evaluation.json"
        quality = {"ContentType": "application/json", "S3Uri": uri}
        made = platform.sagemaker.create_model_package(
            ModelPackageGroupName=group,
            ModelApprovalStatus=approval,
            InferenceSpecification={"Containers": [container]} | types,
            CustomerMetadataProperties=facts(group, number, auc) | decision(approval),
            ModelMetrics={"ModelQuality": {"Statistics": quality}},
        )
        arns.append(str(made["ModelPackageArn"]))
    return arns


def serve(platform: Platform, endpoint: str, package: str) -> None:
    """Create an endpoint of the version *package*, tagged as DeployEndpointOperator tags it."""
    sagemaker: Any = platform.sagemaker
    containers = [{"ModelPackageName": package}]
    sagemaker.create_model(ModelName=f"{endpoint}-m", Containers=containers, ExecutionRoleArn=ROLE)
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": f"{endpoint}-m",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    config = f"{endpoint}-c"
    tags = [*DEPLOYED_BY.tags(1, package), {"Key": OWNER, "Value": endpoint}]
    tags += [{"Key": SERVED, "Value": "2026-11-29T06:00:00+00:00"}]
    sagemaker.create_endpoint_config(
        EndpointConfigName=config, ProductionVariants=[variant], Tags=tags
    )
    sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=config)
    platform.adopt(endpoint)
    assert platform.settled(endpoint)["EndpointStatus"] == "InService"


def host(platform: Platform, fleet: str, component: str, package: str) -> None:
    """Create a component of the version *package*, as DeployComponentOperator does."""
    sagemaker: Any = platform.sagemaker
    variant = {
        "VariantName": "AllTraffic",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    tags = [*DEPLOYED_BY.tags(1, fleet), {"Key": OWNER, "Value": fleet}]
    sagemaker.create_endpoint_config(
        EndpointConfigName=f"{fleet}-c",
        ProductionVariants=[variant],
        ExecutionRoleArn=ROLE,
        Tags=tags,
    )
    sagemaker.create_endpoint(EndpointName=fleet, EndpointConfigName=f"{fleet}-c", Tags=tags)
    platform.adopt(fleet)
    assert platform.settled(fleet)["EndpointStatus"] == "InService"
    of_version = DEPLOYED_BY.tags(1, package)
    sagemaker.create_model(
        ModelName=f"{component}-m",
        Containers=[{"ModelPackageName": package}],
        ExecutionRoleArn=ROLE,
        Tags=[*of_version, {"Key": OWNER, "Value": component}],
    )
    sagemaker.create_inference_component(
        InferenceComponentName=component,
        EndpointName=fleet,
        VariantName="AllTraffic",
        Specification=Component(memory_mb=512, cpus=0.5).specification(f"{component}-m"),
        RuntimeConfig={"CopyCount": 1},
        Tags=of_version,
    )
    hosted = Hosted(Aws(), component, 0.1)
    description = hosted.settle()
    assert description
    assert description["InferenceComponentStatus"] == "InService"


def train(platform: Platform, group: str, number: int, package: str) -> None:
    """Run the jobs of a version's trial, which find no data, and write what they would have."""
    sagemaker: Any = platform.sagemaker
    trial, folder = trial_of(group, number), folder_of(platform, group, number)
    sagemaker.create_experiment(ExperimentName=group)
    sagemaker.create_trial(TrialName=trial, ExperimentName=group)
    data = f"{folder}/data"
    train, labels = {"train": f"{data}/train"}, {"holdout_labels": f"{data}/holdout_labels"}
    prepared = process(
        platform, trial, "Preprocessing", {"raw": f"{folder}/landing"}, train | labels
    )
    evaluated = process(
        platform, trial, "Evaluation", labels, {"evaluation": f"{folder}/evaluation"}
    )
    source = {"S3DataType": "S3Prefix", "S3Uri": f"{train['train']}/"}
    sagemaker.create_training_job(
        TrainingJobName=trial,
        AlgorithmSpecification={"TrainingImage": XGBOOST, "TrainingInputMode": "File"},
        HyperParameters={"num_round": "5"},
        RoleArn=ROLE,
        InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        OutputDataConfig={"S3OutputPath": folder},
        ResourceConfig=CLUSTER,
        StoppingCondition={"MaxRuntimeInSeconds": 60},
        ExperimentConfig={"TrialName": trial, "TrialComponentDisplayName": "xgboost-deep"},
    )
    for component in (prepared, evaluated, f"{trial}-aws-training-job"):
        _await_end(sagemaker, component)
    described = sagemaker.describe_model_package(ModelPackageName=package)
    model = described["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    sagemaker.update_trial_component(
        TrialComponentName=f"{trial}-aws-training-job",
        Status={"PrimaryStatus": "Completed"},
        OutputArtifacts={"SageMaker.ModelArtifact": {"Value": model}},
    )


def process(
    platform: Platform, trial: str, shown: str, inputs: dict[str, str], outputs: dict[str, str]
) -> str:
    """Start a processing job of *trial*; return its component."""
    name, root = f"{trial}-{shown.lower()}", "/opt/ml/processing"
    given: Any = [
        {"InputName": name, "S3Input": _place(uri, f"{root}/input/{name}", S3InputMode="File")}
        for name, uri in inputs.items()
    ]
    wanted: Any = [
        {"OutputName": n, "S3Output": _place(uri, f"{root}/output/{n}", S3UploadMode="EndOfJob")}
        for n, uri in outputs.items()
    ]
    platform.sagemaker.create_processing_job(
        ProcessingJobName=name,
        AppSpecification={"ImageUri": SKLEARN},
        ProcessingResources={"ClusterConfig": CLUSTER},
        ProcessingInputs=given,
        ProcessingOutputConfig={"Outputs": wanted},
        RoleArn=ROLE,
        ExperimentConfig={"TrialName": trial, "TrialComponentDisplayName": shown},
    )
    return f"{name}-aws-processing-job"


def _place(uri: str, path: str, **members: str) -> dict[str, str]:
    kind = {"S3DataType": "S3Prefix"} if "S3InputMode" in members else {}
    return {"S3Uri": uri, "LocalPath": path, **kind, **members}


def _await_end(sagemaker: Any, component: str) -> None:
    while "EndTime" not in sagemaker.describe_trial_component(TrialComponentName=component):
        time.sleep(0.05)
