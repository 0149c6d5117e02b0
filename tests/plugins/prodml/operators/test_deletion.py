"""Nothing of an endpoint is left, and nothing of its neighbour is touched."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.endpoints.cleanup import OWNER
from prodml.exceptions import LeftoverError, RequestRefusedError
from prodml.operators.autoscaling import AutoscalingOperator
from prodml.operators.deletion import DeleteEndpointOperator

from tests.plugins.conftest import register
from tests.plugins.runs import ROLE, Ti, deploying, run


def _deploy(endpoint: str, package: str, ti: Ti, **arguments: Any) -> dict[str, Any]:
    operator = deploying(endpoint, package, **arguments)
    return dict(run(operator, ti))


def _delete(endpoint: str, ti: Ti, **arguments: Any) -> dict[str, list[str]]:
    operator = DeleteEndpointOperator(
        task_id="delete", endpoint=endpoint, poll_interval=0.1, **arguments
    )
    return dict(run(operator, ti)["deleted"])


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The operations that operators call, in their order."""
    made: list[str] = []
    client = Aws.client

    def watched(self: Aws, service: str) -> Any:
        client_ = client(self, service)
        client_.meta.events.register("before-call", note, unique_id="order")
        return client_

    def note(model: Any, **_: Any) -> None:
        made.append(model.name)

    monkeypatch.setattr(Aws, "client", watched)
    return made


def test_former_configurations_and_models_go_too(
    package: str,
    trained: dict[str, Any],
    sagemaker: Any,
    unique: str,
    calls: list[str],
    ti: Ti,
) -> None:
    first = _deploy(unique, package, ti)
    second = _deploy(unique, register(sagemaker, trained["container"]), ti)
    run(AutoscalingOperator(task_id="scale", endpoint=unique), ti)
    deleted = _delete(unique, ti)
    assert deleted["configs"] == sorted([first["config"], second["config"]])
    assert deleted["models"] == sorted([first["model"], second["model"]])
    assert deleted["scalable_targets"] == [f"endpoint/{unique}/variant/AllTraffic"]
    assert calls.index("DeregisterScalableTarget") < calls.index("DeleteEndpoint")
    assert not any(_delete(unique, ti).values())


def test_what_another_task_brings_back_fails_the_deletion(
    package: str, sagemaker: Any, unique: str, ti: Ti
) -> None:
    deployed = _deploy(unique, package, ti)

    def deploys(params: Any, **_: Any) -> None:
        tags = [{"Key": OWNER, "Value": unique}]
        container = sagemaker.describe_model(ModelName=deployed["model"])["PrimaryContainer"]
        sagemaker.create_model(
            ModelName=f"{unique}-new", PrimaryContainer=container, ExecutionRoleArn=ROLE, Tags=tags
        )

    client = Aws().client("sagemaker")
    operator = DeleteEndpointOperator(task_id="delete", endpoint=unique, poll_interval=0.1)
    operator.aws._clients["sagemaker"] = client
    client.meta.events.register("provide-client-params.sagemaker.DeleteModel", deploys)
    with pytest.raises(LeftoverError, match=rf"still has {{'models': \['{unique}-new'\]}}. Clear"):
        run(operator, ti)
    assert _delete(unique, ti)["models"] == [f"{unique}-new"]


def test_a_shared_configuration_stays(package: str, sagemaker: Any, unique: str, ti: Ti) -> None:
    deployed = _deploy(unique, package, ti)
    neighbour = f"{unique}-neighbour"
    sagemaker.create_endpoint(EndpointName=neighbour, EndpointConfigName=deployed["config"])
    deleted = _delete(unique, ti)
    assert (deleted["endpoints"], deleted["configs"], deleted["models"]) == ([unique], [], [])
    sagemaker.describe_model(ModelName=deployed["model"])
    assert _delete(neighbour, ti)["endpoints"] == [neighbour]


def test_a_model_that_another_endpoint_serves_stays(
    package: str, sagemaker: Any, unique: str, ti: Ti
) -> None:
    """By a configuration of its own, and by one that an update is bringing."""
    deployed = _deploy(unique, package, ti)
    neighbour = f"{unique}-neighbour"
    config = sagemaker.describe_endpoint_config(EndpointConfigName=deployed["config"])
    sagemaker.create_endpoint_config(
        EndpointConfigName=neighbour, ProductionVariants=config["ProductionVariants"]
    )
    sagemaker.create_endpoint(EndpointName=neighbour, EndpointConfigName=neighbour)
    deleted = _delete(unique, ti)
    assert (deleted["configs"], deleted["models"]) == ([deployed["config"]], [])
    assert _delete(neighbour, ti)["models"] == [deployed["model"]]


def test_an_endpoint_of_another_airflow_is_left_alone(package: str, unique: str, ti: Ti) -> None:
    theirs = _deploy(unique, package, ti, deployment="prod")
    for change in (partial(_deploy, unique, package), partial(_delete, unique)):
        with pytest.raises(RequestRefusedError, match="belongs to the deployment 'prod'"):
            change(ti, deployment="dev")
    assert theirs["config"] in _delete(unique, ti, deployment="prod")["configs"]
