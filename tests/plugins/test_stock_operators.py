"""Every SageMaker operator, sensor and trigger of the stock Amazon provider, unmodified.

What waits is run twice: waiting in the worker, and deferred to its trigger.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from airflow.providers.amazon.aws.operators import sagemaker as operators
from airflow.providers.amazon.aws.sensors import sagemaker as sensors
from airflow.providers.amazon.aws.triggers.sagemaker import SageMakerTrigger
from botocore.exceptions import ClientError
from prodml.vocabulary import Json as Doc

from tests.plugins.runs import (
    CLUSTER,
    ROLE,
    SKLEARN,
    XGBOOST,
    Ti,
    first_event,
    run,
    training_request,
)

RESOURCES = {"InstanceType": "ml.m5.large", "InstanceCount": 1}
EVERY_SECOND = {"check_interval": 1}
# While they print a log, these describe a running job every 30 s only.
QUIET: dict[type, Doc] = {
    operators.SageMakerTrainingOperator: {"print_log": False},
    sensors.SageMakerTrainingSensor: {"print_log": False},
}


@dataclass
class World:
    """Create the resources that the requests refer to; *name* is unique."""

    sagemaker: Any
    name: str
    data: str
    container: Doc

    def training(self, **hyperparameters: Any) -> Doc:
        request = {"TrainingJobName": self.name, "RoleArn": ROLE} | training_request(
            XGBOOST, self.data
        )
        texts = {k: str(v) for k, v in (request["HyperParameters"] | hyperparameters).items()}
        return request | {"HyperParameters": texts}

    def processing(self) -> Doc:
        command = ["python3", "-c", "print('processed')"]
        return {
            "ProcessingJobName": self.name,
            "RoleArn": ROLE,
            "AppSpecification": {"ImageUri": SKLEARN, "ContainerEntrypoint": command},
            "ProcessingResources": {"ClusterConfig": CLUSTER},
        }

    def model(self) -> Doc:
        return {
            "ModelName": self.name,
            "ExecutionRoleArn": ROLE,
            "PrimaryContainer": self.container,
        }

    def transform(self) -> Doc:
        """With its model, as the operator takes both; filtered, for the rows have a label."""
        source = {"S3DataType": "S3Prefix", "S3Uri": f"{self.data}/validation/"}
        whole = {"DataSource": {"S3DataSource": source}, "ContentType": "text/csv"}
        output = {"S3OutputPath": f"{self.data}/out/{self.name}", "Accept": "text/csv"}
        job = {
            "TransformJobName": self.name,
            "ModelName": self.name,
            "TransformInput": whole | {"SplitType": "Line"},
            "TransformOutput": output | {"AssembleWith": "Line"},
            "TransformResources": RESOURCES,
            "DataProcessing": {"InputFilter": "$[1:]"},
        }
        return {"Model": self.model(), "Transform": job}

    def tuning(self) -> Doc:
        definition = self.training()
        fixed = definition.pop("HyperParameters") | {"eval_metric": "logloss"}
        del definition["TrainingJobName"]
        depth = {"Name": "max_depth", "MinValue": "1", "MaxValue": "3"}
        return {
            "HyperParameterTuningJobName": self.name,
            "HyperParameterTuningJobConfig": {
                "Strategy": "Random",
                "HyperParameterTuningJobObjective": {
                    "Type": "Minimize",
                    "MetricName": "validation:logloss",
                },
                "ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 2},
                "ParameterRanges": {"IntegerParameterRanges": [depth]},
            },
            "TrainingJobDefinition": definition | {"StaticHyperParameters": fixed},
        }

    def endpoint_config(self, name: str = "") -> Doc:
        variant = {"VariantName": "only", "ModelName": self.name, "InstanceType": "ml.m5.large"}
        return {
            "EndpointConfigName": name or self.name,
            "ProductionVariants": [variant | {"InitialInstanceCount": 1}],
        }

    def endpoint(self) -> Doc:
        return {
            "Model": self.model(),
            "EndpointConfig": self.endpoint_config(),
            "Endpoint": {"EndpointName": self.name, "EndpointConfigName": self.name},
        }

    def sensed(self, kind: str) -> dict[str, str]:
        """The arguments of that kind's sensor, its job made by the stock operator, unwaited."""
        made = make(WAITING[kind], self, wait_for_completion=False)
        run(made, Ti(run_id="manual__sensed"))
        return {ARGUMENTS[kind]: self.name}


# Each operator that waits: its class, its config, and where its answer says how it ended.
WAITING: dict[str, tuple[type, Callable[[World], Doc], tuple[str, str]]] = {
    "training": (
        operators.SageMakerTrainingOperator,
        World.training,
        ("Training", "TrainingJobStatus"),
    ),
    "processing": (
        operators.SageMakerProcessingOperator,
        World.processing,
        ("Processing", "ProcessingJobStatus"),
    ),
    "transform": (
        operators.SageMakerTransformOperator,
        World.transform,
        ("Transform", "TransformJobStatus"),
    ),
    "tuning": (
        operators.SageMakerTuningOperator,
        World.tuning,
        ("Tuning", "HyperParameterTuningJobStatus"),
    ),
    "endpoint": (
        operators.SageMakerEndpointOperator,
        World.endpoint,
        ("Endpoint", "EndpointStatus"),
    ),
}
SENSORS: dict[str, type] = {
    "training": sensors.SageMakerTrainingSensor,
    "processing": sensors.SageMakerProcessingSensor,
    "transform": sensors.SageMakerTransformSensor,
    "tuning": sensors.SageMakerTuningSensor,
    "endpoint": sensors.SageMakerEndpointSensor,
}
ARGUMENTS = dict.fromkeys(SENSORS, "job_name") | {"endpoint": "endpoint_name"}
AT_ONCE = (
    operators.SageMakerModelOperator,
    operators.SageMakerDeleteModelOperator,
    operators.SageMakerEndpointConfigOperator,
    operators.SageMakerRegisterModelVersionOperator,
    operators.SageMakerCreateExperimentOperator,
    operators.SageMakerConditionOperator,
)
PIPELINES = (  # which tests/plugins/test_stock_pipelines.py runs
    operators.SageMakerStartPipelineOperator,
    operators.SageMakerStopPipelineOperator,
    sensors.SageMakerPipelineSensor,
)
# Which tests/include/local_aws/sagemaker/automl/test_job.py runs.
AUTOML = (operators.SageMakerAutoMLOperator, sensors.SageMakerAutoMLSensor)
NOTEBOOK = {"instance_name": "notebook"}
# Families that the embedded AWS has not: each is refused by the name of its operation.
REFUSED: dict[type, tuple[Doc, str]] = {
    operators.SageMakerCreateNotebookOperator: (
        NOTEBOOK | {"instance_type": "ml.t3.medium", "role_arn": ROLE},
        "CreateNotebookInstance",
    ),
    operators.SageMakerStartNoteBookOperator: (NOTEBOOK, "StartNotebookInstance"),
    operators.SageMakerStopNotebookOperator: (NOTEBOOK, "StopNotebookInstance"),
    operators.SageMakerDeleteNotebookOperator: (NOTEBOOK, "DeleteNotebookInstance"),
}


@pytest.fixture
def world(sagemaker: Any, unique: str, data: str, trained: Doc) -> World:
    return World(sagemaker, unique, data, trained["container"])


def make(row: tuple[type, Callable[[World], Doc], Any], world: World, **members: Any) -> Any:
    kind, config, _ = row
    members |= EVERY_SECOND | QUIET.get(kind, {})
    return kind(task_id="stock", config=config(world), **members)


def test_no_class_of_the_provider_is_forgotten() -> None:
    """A newer provider that has more of them is seen here."""
    known = {row[0] for row in WAITING.values()} | set(SENSORS.values()) | set(REFUSED)
    known |= {*AT_ONCE, *PIPELINES, *AUTOML}
    response = {
        member
        for module in (operators, sensors)
        for name, member in inspect.getmembers(module, inspect.isclass)
        if member.__module__ == module.__name__ and not name.startswith("SageMakerBase")
    }
    assert {kind.__name__ for kind in response} == {kind.__name__ for kind in known}


@pytest.mark.parametrize("deferrable", [False, True], ids=["waiting", "deferred"])
@pytest.mark.parametrize("kind", WAITING)
def test_what_waits_ends_well(world: World, ti: Ti, kind: str, deferrable: bool) -> None:
    answer = run(make(WAITING[kind], world, deferrable=deferrable), ti)
    resource, status = WAITING[kind][2]
    assert answer[resource][status] == ("InService" if kind == "endpoint" else "Completed")


@pytest.mark.parametrize("deferrable", [False, True], ids=["waiting", "deferred"])
def test_a_failed_job_fails_its_task(world: World, ti: Ti, deferrable: bool) -> None:
    failing = (WAITING["training"][0], lambda world: world.training(eta=3), None)
    operator = make(failing, world, deferrable=deferrable)
    with pytest.raises(Exception, match=r"eta: 3\.0 is not in \[0, 1\]"):
        run(operator, ti)


@pytest.mark.parametrize("kind", SENSORS)
def test_sensors_see_the_end(world: World, ti: Ti, kind: str) -> None:
    members = world.sensed(kind) | QUIET.get(SENSORS[kind], {})
    sensor = SENSORS[kind](task_id="stock", poke_interval=1, timeout=120, **members)
    run(sensor, ti)
    ended = sensor.state_from_response(sensor.get_sagemaker_response())
    assert ended == ("InService" if kind == "endpoint" else "Completed")


def test_the_training_sensor_prints_the_log(
    trained: Doc, ti: Ti, capsys: pytest.CaptureFixture[str]
) -> None:
    job = trained["container"]["ModelDataUrl"].split("/")[-3]
    run(sensors.SageMakerTrainingSensor(task_id="stock", job_name=job), ti)
    assert "validation-auc:" in capsys.readouterr().out


def test_the_trigger_reports_a_stopped_job(world: World, ti: Ti) -> None:
    """It waits by the provider's own waiter, in the triggerer's loop."""
    world.sagemaker.create_training_job(**world.training(num_round=100000))
    world.sagemaker.stop_training_job(TrainingJobName=world.name)
    trigger = SageMakerTrigger(job_name=world.name, job_type="training", waiter_delay=1)
    event = asyncio.run(first_event(trigger))
    assert (event["status"], event["job_name"]) == ("stopped", world.name)


def test_an_endpoint_is_updated(world: World, ti: Ti) -> None:
    run(make(WAITING["endpoint"], world), ti)
    second = f"{world.name}-2"
    world.sagemaker.create_endpoint_config(**world.endpoint_config(second))
    update = operators.SageMakerEndpointOperator(
        task_id="stock",
        operation="update",
        config={"EndpointName": world.name, "EndpointConfigName": second},
        deferrable=True,
        **EVERY_SECOND,
    )
    answer = run(update, ti)
    assert answer["Endpoint"]["EndpointStatus"] == "InService"
    assert answer["Endpoint"]["EndpointConfigName"] == second


def test_what_is_done_at_once(world: World, ti: Ti) -> None:
    def done(kind: type, **members: Any) -> Any:
        return run(kind(task_id="stock", **members), ti)

    model = done(operators.SageMakerModelOperator, config=world.model())
    assert model["Model"]["ModelName"] == world.name
    config = done(operators.SageMakerEndpointConfigOperator, config=world.endpoint_config())
    assert config["EndpointConfig"]["EndpointConfigName"] == world.name
    world.sagemaker.delete_endpoint_config(EndpointConfigName=world.name)
    done(operators.SageMakerDeleteModelOperator, config={"ModelName": world.name})
    assert world.sagemaker.list_models(NameContains=world.name)["Models"] == []
    package = done(
        operators.SageMakerRegisterModelVersionOperator,
        image_uri=XGBOOST,
        model_url=world.container["ModelDataUrl"],
        package_group_name=world.name,
    )
    assert package.endswith(f"model-package/{world.name}/1")
    experiment = done(operators.SageMakerCreateExperimentOperator, name=world.name)
    assert experiment.endswith(f"experiment/{world.name}")


@pytest.mark.parametrize("kind", REFUSED, ids=lambda kind: kind.__name__)
def test_other_families_are_refused_by_name(connection: None, ti: Ti, kind: type) -> None:
    members, operation = REFUSED[kind]
    with pytest.raises(ClientError, match=operation) as refused:
        run(kind(task_id="stock", **members), ti)
    assert refused.value.response["Error"]["Code"] == "NotImplementedException"
