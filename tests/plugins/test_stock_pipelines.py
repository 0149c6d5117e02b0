"""The pipeline operators, sensor and trigger of the stock Amazon provider, unmodified."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.providers.amazon.aws.operators.sagemaker import (
    SageMakerStartPipelineOperator,
    SageMakerStopPipelineOperator,
)
from airflow.providers.amazon.aws.sensors.sagemaker import SageMakerPipelineSensor

from tests.include.local_aws.sagemaker.pipelines.definitions import (
    condition,
    definition,
    equals,
    fail,
    get,
    model,
    parameter,
    processing,
)
from tests.plugins.runs import ROLE, Ti, run

BOTH = pytest.mark.parametrize("deferrable", [False, True], ids=["waiting", "deferred"])
STEPS = condition(
    "Choose", equals(get("Parameters.Mode"), "good"), then=(model("M"),), other=(fail("F", "bad"),)
)


def create(sagemaker: Any, name: str, *steps: dict[str, Any]) -> str:
    text = definition(*steps, parameters=(parameter("Mode", DefaultValue="good"),))
    sagemaker.create_pipeline(PipelineName=name, PipelineDefinition=text, RoleArn=ROLE)
    return name


def start(name: str, **members: Any) -> SageMakerStartPipelineOperator:
    return SageMakerStartPipelineOperator(
        task_id="stock", pipeline_name=name, check_interval=1, **members
    )


def stop(arn: str, **members: Any) -> SageMakerStopPipelineOperator:
    return SageMakerStopPipelineOperator(
        task_id="stock", pipeline_exec_arn=arn, check_interval=1, **members
    )


def status(sagemaker: Any, arn: str) -> str:
    described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
    return str(described["PipelineExecutionStatus"])


@BOTH
def test_a_pipeline_is_started_and_waited_for(
    sagemaker: Any, unique: str, ti: Ti, deferrable: bool
) -> None:
    name = create(sagemaker, unique, STEPS)
    arn = run(start(name, wait_for_completion=True, deferrable=deferrable), ti)
    assert status(sagemaker, arn) == "Succeeded"
    failing = {"pipeline_params": {"Mode": "bad"}, "deferrable": deferrable}
    with pytest.raises(
        Exception, match=r'One or multiple steps failed|matched expected path: "Failed"'
    ):
        run(start(name, wait_for_completion=True, **failing), ti)


@BOTH
def test_a_pipeline_is_stopped(sagemaker: Any, unique: str, ti: Ti, deferrable: bool) -> None:
    slow = processing("Slow", "import time; time.sleep(600)")
    arn = run(start(create(sagemaker, unique, slow)), ti)
    run(stop(arn, wait_for_completion=True, deferrable=deferrable), ti)
    assert status(sagemaker, arn) == "Stopped"
    assert run(stop(arn), ti) == "Stopped"
    with pytest.raises(Exception, match="Only pipelines with 'Executing' status can be stopped"):
        run(stop(arn, fail_if_not_running=True), ti)


def test_the_sensor_sees_the_end(sagemaker: Any, unique: str, ti: Ti) -> None:
    arn = run(start(create(sagemaker, unique, STEPS)), ti)
    sensor = SageMakerPipelineSensor(
        task_id="stock", pipeline_exec_arn=arn, poke_interval=1, timeout=60
    )
    run(sensor, ti)
    assert sensor.state_from_response(sensor.get_sagemaker_response()) == "Succeeded"
