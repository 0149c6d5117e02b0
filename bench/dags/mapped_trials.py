"""Mapped training jobs, by our operator and by the stock provider's, for bench/bench_mapped.py.

Both wait deferred. The jobs are real and small: each fits one weight, one step a second.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTrainingOperator
from airflow.sdk import DAG, get_current_context, task
from prodml.operators.training import TrainTrialOperator

SCRIPT = """import json,time
h=json.load(open('/opt/ml/input/config/hyperparameters.json'))
w=9
for _ in range(int(h['steps'])):
 w-=float(h['rate'])*(w-3)
 print('loss=%g;'%(w-3)**2)
 time.sleep(1)
open('/opt/ml/model/w','w').write(str(w))"""
REQUEST: dict[str, Any] = {
    "RoleArn": "arn:aws:iam::000000000000:role/prodml",
    "AlgorithmSpecification": {
        "TrainingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com"
        "/sagemaker-scikit-learn:1.4-2-cpu-py3",
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["python3", "-u", "-c", SCRIPT],
        "MetricDefinitions": [{"Name": "loss", "Regex": "loss=(.*);"}],
    },
    "OutputDataConfig": {"S3OutputPath": "s3://mapped/models"},
    "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}
SAME_INTERVAL = 10  # seconds between two polls, for both


@task
def requests(name: str = "") -> list[dict[str, Any]]:
    """Return a different request for each member of the Param `seconds`."""
    params = get_current_context()["params"]
    made = []
    for trial, seconds in enumerate(params["seconds"], params["first"]):
        parameters = {"trial": str(trial), "steps": str(seconds), "rate": str(1 / (2 + trial))}
        named = {"TrainingJobName": f"{name}-{trial}-{uuid.uuid4().hex[:8]}"} if name else {}
        made.append(REQUEST | {"HyperParameters": parameters} | named)
    return made


def ours(**interval: int) -> None:
    TrainTrialOperator.partial(
        task_id="train",
        experiment="mapped",
        name="trial-{{ ti.map_index }}",
        deferrable=True,
        **interval,
    ).expand(config=requests())


def stock(**interval: int) -> None:
    SageMakerTrainingOperator.partial(task_id="train", deferrable=True, **interval).expand(
        config=requests("stock")
    )


INTERVALS = {
    "ours_by_default": (ours, {}),
    "stock_by_default": (stock, {}),
    "ours_same_interval": (ours, {"poll_interval": SAME_INTERVAL}),
    "stock_same_interval": (stock, {"check_interval": SAME_INTERVAL}),
}
for _name, (_map, _interval) in INTERVALS.items():
    with DAG(
        f"mapped_{_name}",
        start_date=datetime(2024, 1, 1, tzinfo=UTC),
        params={"seconds": [1], "first": 0},
        is_paused_upon_creation=False,
        max_active_tasks=16,  # Airflow's default
    ):
        _map(**_interval)
