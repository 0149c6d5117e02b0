"""Run an operator as a task would, without a scheduler and without a metadata database."""

from __future__ import annotations

import asyncio
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prodml.operators.deployment import DeployEndpointOperator

ROLE = "arn:aws:iam::000000000000:role/prodml"
REGISTRY = "683313688378.dkr.ecr.us-east-1.amazonaws.com"
XGBOOST = f"{REGISTRY}/sagemaker-xgboost:1.7-1"
SKLEARN = f"{REGISTRY}/sagemaker-scikit-learn:1.4-2-cpu-py3"
CLUSTER = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}


@dataclass
class Ti:
    """The members of a task instance that operators use."""

    run_id: str
    task_id: str = "task"
    dag_id: str = "pipeline"
    map_index: int = -1
    try_number: int = 1
    pushed: dict[str, Any] = field(default_factory=dict)

    def xcom_push(self, key: str, value: Any) -> None:
        self.pushed[key] = value


def run(operator: Any, ti: Ti) -> Any:
    """Execute; if the operator defers, let its trigger fire and resume it."""
    from airflow.sdk.exceptions import TaskDeferred

    step: Any = operator.execute
    arguments: dict[str, Any] = {}
    while True:
        try:
            return step({"ti": ti}, **arguments)
        except TaskDeferred as deferred:
            event = asyncio.run(first_event(deferred.trigger))
            step = getattr(operator, deferred.method_name)
            arguments = {"event": event, **(deferred.kwargs or {})}


def read_text(s3: Any, uri: str) -> str:
    """The object at *uri*."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return str(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())


def linked_page(ti: Ti) -> str:
    """Return the page of the embedded AWS behind the task's SageMaker button."""
    with urllib.request.urlopen(ti.pushed["sagemaker_link"]) as page:
        return str(page.read().decode())


def deploying(endpoint: str, package: str, **arguments: Any) -> DeployEndpointOperator:
    """Return the task that deploys *package* to *endpoint*, with fast polling."""
    from prodml.operators.deployment import DeployEndpointOperator

    return DeployEndpointOperator(
        task_id="deploy",
        endpoint=endpoint,
        model_package_arn=package,
        role_arn=ROLE,
        poll_interval=0.1,
        **arguments,
    )


async def first_event(trigger: Any) -> Any:
    async for event in trigger.run():
        return event.payload
    raise AssertionError("the trigger ended without an event")


def processing_request() -> dict[str, Any]:
    return {
        "AppSpecification": {"ImageUri": SKLEARN},
        "ProcessingResources": {"ClusterConfig": CLUSTER},
    }


def training_request(image: str, data: str) -> dict[str, Any]:
    parameters = {
        "num_round": 5,
        "objective": "binary:logistic",
        "eval_metric": "auc",
        "min_child_weight": 0,
    }
    return {
        "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
        "HyperParameters": parameters,
        "InputDataConfig": [_channel(name, data) for name in ("train", "validation")],
        "OutputDataConfig": {"S3OutputPath": f"{data}/models"},
        "ResourceConfig": CLUSTER,
        "StoppingCondition": {"MaxRuntimeInSeconds": 300},
    }


def _channel(name: str, data: str) -> dict[str, Any]:
    source = {
        "S3DataType": "S3Prefix",
        "S3Uri": f"{data}/{name}/",
        "S3DataDistributionType": "FullyReplicated",
    }
    return {
        "ChannelName": name,
        "ContentType": "text/csv",
        "DataSource": {"S3DataSource": source},
    }
