"""Run the same jobs by our operators and by those of the Amazon provider."""

from __future__ import annotations

import os

from airflow.providers.amazon.aws.operators.sagemaker import (
    SageMakerProcessingOperator,
    SageMakerTrainingOperator,
    SageMakerTransformOperator,
)
from airflow.sdk import DAG
from prodml.operators.processing import ProcessingJobOperator, s3_input
from prodml.operators.training import TrainTrialOperator
from prodml.operators.transform import BatchTransformOperator
from prodml.vocabulary import Json

from tests.plugins.runs import CLUSTER, ROLE, XGBOOST, processing_request, training_request

OURS: Json = {"role_arn": ROLE, "poll_interval": 0.2}
STOCK: Json = {"check_interval": 1, "print_log": False}
IN, OUT = "/opt/ml/processing/input/raw", "/opt/ml/processing/output"


def processing(data: str) -> Json:
    """Return a request that copies a folder."""
    request = processing_request()
    request["AppSpecification"]["ContainerEntrypoint"] = ["cp", "-r", f"{IN}/.", OUT]
    output = {"S3Uri": f"{data}/copied/", "LocalPath": OUT, "S3UploadMode": "EndOfJob"}
    return request | {
        "RoleArn": ROLE,
        "ProcessingInputs": [s3_input("raw", f"{data}/train/", IN)],
        "ProcessingOutputConfig": {"Outputs": [{"OutputName": "copy", "S3Output": output}]},
    }


def jobs(data: str, package: str) -> None:
    """Add a task of each kind of job by both operators."""
    ProcessingJobOperator(task_id="process", config=processing(data), fresh=True, **OURS)
    SageMakerProcessingOperator(
        task_id="process_stock",
        config=processing(data) | {"ProcessingJobName": "stock-processing"},
        **STOCK,
    )
    request = training_request(XGBOOST, data)
    TrainTrialOperator(
        task_id="train",
        experiment="tests",
        name="tree",
        algorithm="xgboost",
        config=request,
        fresh=True,
        **OURS,
    )
    hyperparameters = {name: str(value) for name, value in request["HyperParameters"].items()}
    trained = request | {"TrainingJobName": "stock-training", "RoleArn": ROLE}
    SageMakerTrainingOperator(
        task_id="train_stock", config=trained | {"HyperParameters": hyperparameters}, **STOCK
    )
    where: Json = {"input_uri": f"{data}/rows/", "output_uri": f"{data}/scores/"}
    container = {"ModelPackageName": package}
    BatchTransformOperator(task_id="transform", containers=[container], fresh=True, **where, **OURS)
    SageMakerTransformOperator(
        task_id="transform_stock",
        config={"Model": model(container), "Transform": transform(data)},
        check_interval=1,
    )


def model(container: Json) -> Json:
    return {"ModelName": "stock", "PrimaryContainer": container, "ExecutionRoleArn": ROLE}


def transform(data: str) -> Json:
    source = {"S3DataType": "S3Prefix", "S3Uri": f"{data}/rows/"}
    return {
        "TransformJobName": "stock-transform",
        "ModelName": "stock",
        "TransformInput": {
            "DataSource": {"S3DataSource": source},
            "ContentType": "text/csv",
            "SplitType": "Line",
        },
        "TransformOutput": {"S3OutputPath": f"{data}/scores/"},
        "TransformResources": {name: CLUSTER[name] for name in ("InstanceType", "InstanceCount")},
    }


with DAG("lineage", schedule=None):
    jobs(os.environ["LINEAGE_DATA"], os.environ["LINEAGE_PACKAGE"])
