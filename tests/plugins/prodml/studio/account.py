"""Fill an account with models as the retrain DAGs leave them: versions, an endpoint, a pin."""

from __future__ import annotations

from typing import Any

from prodml.naming import REQUEST

from tests.include.local_aws.models import Platform
from tests.plugins.runs import ROLE


def facts(number: int, auc: float) -> dict[str, str]:
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
        "trial": "xgboost-deep",
        "made_by_dag": "retrain_churn",
        "made_by_run": f"scheduled__2024-0{number}-29T00:00:00+00:00",
    }


def register(platform: Platform, group: str, aucs: dict[float, str]) -> list[str]:
    """Register a version for each holdout score, with its approval; return their ARNs."""
    platform.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    container = platform.container()
    types = {"SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]}
    arns = []
    for number, (auc, approval) in enumerate(aucs.items(), start=1):
        made = platform.sagemaker.create_model_package(
            ModelPackageGroupName=group,
            ModelApprovalStatus=approval,
            InferenceSpecification={"Containers": [container]} | types,
            CustomerMetadataProperties=facts(number, auc),
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
    tags = [{"Key": REQUEST, "Value": package}]
    sagemaker.create_endpoint_config(
        EndpointConfigName=config, ProductionVariants=[variant], Tags=tags
    )
    sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=config)
    platform.adopt(endpoint)
    assert platform.settled(endpoint)["EndpointStatus"] == "InService"
