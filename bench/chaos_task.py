"""One try of one task, for bench/chaos.py: a short job, by our operator or by the stock one."""

from __future__ import annotations

import sys
from typing import Any

from tests.plugins.runs import ROLE, Ti, processing_request

COMMAND = ["python3", "-c", "import time; time.sleep(2)"]


def operator(kind: str, run: str) -> Any:
    config = processing_request() | {"Tags": [{"Key": "chaos-run", "Value": run}]}
    config["AppSpecification"] |= {"ContainerEntrypoint": COMMAND}
    if kind == "ours":
        from prodml.operators.processing import ProcessingJobOperator

        return ProcessingJobOperator(
            task_id="task", config=config, role_arn=ROLE, poll_interval=0.2, fresh=True
        )
    from airflow.providers.amazon.aws.operators.sagemaker import SageMakerProcessingOperator

    name = {"ProcessingJobName": run, "RoleArn": ROLE}
    return SageMakerProcessingOperator(task_id="task", config=config | name, check_interval=1)


def main(kind: str, run: str, number: str) -> None:
    task = operator(kind, run)
    print("ready", flush=True)
    task.execute({"ti": Ti(run, try_number=int(number))})


if __name__ == "__main__":
    main(*sys.argv[1:])
