"""Endpoint updates that roll back, and a weekly retraining, by the stock provider's operators.

Ours is dags/retrain_churn itself; the stock DAG has its last two steps, a job and the endpoint.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from airflow.providers.amazon.aws.operators.sagemaker import (
    SageMakerEndpointOperator,
    SageMakerProcessingOperator,
)
from airflow.sdk import DAG, CronDataIntervalTimetable
from prodml.operators.deployment import DeployEndpointOperator

ROLE = "arn:aws:iam::000000000000:role/prodml"
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"
CLUSTER = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
EVERYWHERE: dict[str, Any] = {"start_date": BEGINNING, "is_paused_upon_creation": False}

with DAG("deploy_ours", params={"package": ""}, **EVERYWHERE):
    DeployEndpointOperator(
        task_id="task",
        endpoint="chaos-ours",
        model_package_arn="{{ params.package }}",
        role_arn=ROLE,
    )

with DAG("deploy_stock", params={"config": ""}, **EVERYWHERE):
    SageMakerEndpointOperator(
        task_id="task",
        config={"EndpointName": "chaos-stock", "EndpointConfigName": "{{ params.config }}"},
        operation="update",
        check_interval=2,
    )

VARIANT = {
    "VariantName": "AllTraffic",
    "ModelName": "{{ dag_run.conf['model'] }}",
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 1,
}
with DAG(
    "retrain_stock",
    schedule=CronDataIntervalTimetable("0 0 * * 1", timezone="UTC"),
    catchup=False,
    default_args={"retries": 2},
    **EVERYWHERE,
):
    train = SageMakerProcessingOperator(
        task_id="train",
        config={
            "ProcessingJobName": "retrain-stock",
            "RoleArn": ROLE,
            "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": ["sleep", "5"]},
            "ProcessingResources": {"ClusterConfig": CLUSTER},
        },
        check_interval=2,
    )
    deploy = SageMakerEndpointOperator(
        task_id="deploy",
        config={
            "EndpointConfig": {
                "EndpointConfigName": "retrain-stock-{{ ds_nodash }}",
                "ProductionVariants": [VARIANT],
            },
            "Endpoint": {
                "EndpointName": "{{ dag_run.conf['endpoint'] }}",
                "EndpointConfigName": "retrain-stock-{{ ds_nodash }}",
            },
        },
        operation="update",
        check_interval=2,
    )
    train >> deploy
