"""Jobs that only sleep, by our operators and by the stock provider's, for chaos to break."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.providers.amazon.aws.operators.sagemaker import SageMakerProcessingOperator
from airflow.sdk import DAG
from prodml.operators.processing import ProcessingJobOperator

ROLE = "arn:aws:iam::000000000000:role/prodml"
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"
CLUSTER = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
SLEEP = ["python3", "-c", "import time; time.sleep({{ params.seconds }})"]
CONFIG: dict[str, Any] = {
    "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": SLEEP},
    "ProcessingResources": {"ClusterConfig": CLUSTER},
    "Tags": [{"Key": "chaos-run", "Value": "{{ params.name }}"}],
}
AGAIN = {"retries": 4, "retry_delay": timedelta(seconds=1)}
MODES: dict[str, dict[str, Any]] = {
    "waiting": {"deferrable": False},
    "deferred": {"deferrable": True},
    "default": {},  # by Airflow's configuration
}
SOON = timedelta(seconds=60)
ENDS: dict[str, dict[str, Any]] = {  # the properties of the DAGs by name
    "crash": {"task": AGAIN},
    "kill": {"task": {}},
    "overtime": {"task": {"execution_timeout": SOON}},
    "expire": {"task": {}, "dagrun_timeout": SOON},
}


def note_pid(context: Any) -> None:
    """Write the process id of the task, which is killed."""
    name = f"{context['params']['name']}.{context['ti'].try_number}"
    (Path(os.environ["CHAOS_PIDS"]) / name).write_text(str(os.getpid()))


def ours(**arguments: Any) -> None:
    ProcessingJobOperator(
        task_id="task",
        config=CONFIG,
        role_arn=ROLE,
        fresh=True,
        deployment="local",
        pre_execute=note_pid,
        **arguments,
    )


def stock(**arguments: Any) -> None:
    """Create the stock task as documented, with faster polling and more attempts."""
    SageMakerProcessingOperator(
        task_id="task",
        config=CONFIG | {"ProcessingJobName": "{{ params.name }}", "RoleArn": ROLE},
        check_interval=2,
        max_attempts=1000,
        pre_execute=note_pid,
        **arguments,
    )


def dag(end: str, kind: str, mode: str, task: Any, **arguments: Any) -> DAG:
    with DAG(
        f"{end}_{kind}_{mode}",
        start_date=datetime(2024, 1, 1, tzinfo=UTC),
        params={"name": "none", "seconds": 1},
        is_paused_upon_creation=False,
        **arguments,
    ) as made:
        {"ours": ours, "stock": stock}[kind](**MODES[mode], **task)
    return made


for _end, _arguments in ENDS.items():
    for _kind in ("ours", "stock"):
        for _mode in MODES:
            globals()[f"{_end}_{_kind}_{_mode}"] = dag(_end, _kind, _mode, **_arguments)
