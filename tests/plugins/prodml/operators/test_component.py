"""Inference components by the operators, on the embedded AWS."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from airflow.sdk.execution_time.context import set_current_context
from prodml.aws.client import Aws
from prodml.endpoints.component import Component
from prodml.endpoints.component_hosts import models_of
from prodml.exceptions import DeploymentError, RequestRefusedError, RolledBackError
from prodml.notifications import outbox
from prodml.operators.component import ComponentAutoscalingOperator
from prodml.operators.deletion import DeleteEndpointOperator
from prodml.studio.endpoints import overview

from include.local_aws.testing import Server
from tests.include.local_aws.models import BROKEN, OBEDIENT, Platform, variant
from tests.plugins.conftest import register
from tests.plugins.prodml.operators import components
from tests.plugins.runs import Ti, run


@pytest.fixture(scope="module")
def fleet(platform: Platform) -> Iterator[str]:
    """Return the name of an endpoint that the first deployment creates."""
    name = platform.unique("fleet")
    yield name
    delete = DeleteEndpointOperator(task_id="delete", endpoint=name, poll_interval=0.1)
    deleted = run(delete, Ti("end"))["deleted"]
    assert deleted["components"]
    assert deleted["endpoints"] == [name]


@pytest.mark.parametrize("deferrable", [False, True])
def test_components_share_one_endpoint(
    platform: Platform, fleet: str, deferrable: bool, ti: Ti
) -> None:
    name = platform.unique("component")
    package = components.package(platform, name)
    arguments: dict[str, Any] = {"smoke_payload": "name", "deferrable": deferrable}
    arguments["environment"] = {"LEVEL": "debug"}
    first = run(components.deploy(fleet, name, package, **arguments), ti)
    assert (first["changed"], first["copies"]) == (True, 1)
    assert run(components.deploy(fleet, name, package, **arguments), ti) == first | {
        "changed": False
    }
    model = platform.sagemaker.describe_model(ModelName=first["model"])
    assert model["PrimaryContainer"]["Environment"] == {"LEVEL": "debug"}
    assert platform.invoke(fleet, "name", InferenceComponentName=name) == name


@pytest.fixture(scope="module")
def component(platform: Platform, fleet: str) -> str:
    name = platform.unique("component")
    run(components.deploy(fleet, name, components.package(platform, "old")), Ti("first"))
    return name


def test_a_newer_version_stays_and_the_check_comes_just_before_the_update(
    platform: Platform, fleet: str, ti: Ti
) -> None:
    name = platform.unique("component")
    register_at = partial(register, platform.sagemaker)
    newer = register_at(
        platform.container(OBEDIENT, "newer"), CustomerMetadataProperties={"window_end": "2024-02"}
    )
    older = register_at(
        platform.container(OBEDIENT, "older"), CustomerMetadataProperties={"window_end": "2024-01"}
    )
    seen: list[str] = []

    def check() -> None:
        described = platform.sagemaker.describe_inference_component(InferenceComponentName=name)
        seen.append(described["InferenceComponentStatus"])

    run(components.deploy(fleet, name, newer), ti)
    platform.sagemaker.update_inference_component_runtime_config(
        InferenceComponentName=name, DesiredRuntimeConfig={"CopyCount": 2}
    )
    ordered: dict[str, Any] = {"order_by": "window_end", "before_update": check}
    with pytest.raises(AirflowSkipException, match="serves the newer version"):
        run(components.deploy(fleet, name, older, **ordered), ti)
    assert seen == []
    platform.sagemaker.update_inference_component_runtime_config(
        InferenceComponentName=name, DesiredRuntimeConfig={"CopyCount": 1}
    )
    outbox.take()
    run(components.deploy(fleet, name, older, **ordered, allow_older=True), ti)
    assert seen == ["InService"]
    (event,) = outbox.take()
    number = older.rpartition("/")[2]
    served = f"Inference component {name} on endpoint {fleet} serves tests version {number}"
    assert event.title == served


def test_update_in_batches_keeps_the_copies(
    platform: Platform, fleet: str, component: str, ti: Ti
) -> None:
    platform.sagemaker.update_inference_component_runtime_config(
        InferenceComponentName=component, DesiredRuntimeConfig={"CopyCount": 2}
    )
    rolling: dict[str, Any] = {"rollout": "rolling", "rollout_step": 50, "rollout_wait": 0}
    # Asked while the component is still scaling.
    result = run(
        components.deploy(fleet, component, components.package(platform, "new"), **rolling), ti
    )
    assert (result["changed"], result["copies"]) == (True, 2)
    assert platform.invoke(fleet, "name", InferenceComponentName=component) == "new"


def test_models_of_the_last_two_versions_are_kept(
    platform: Platform, fleet: str, component: str, ti: Ti
) -> None:
    models = [
        run(components.deploy(fleet, component, components.package(platform, name)), ti)["model"]
        for name in ("second", "third", "fourth")
    ]
    assert set(models_of(Aws(), component)) == set(models[1:])


def test_update_that_is_rolled_back_fails_the_task(
    platform: Platform, fleet: str, component: str, server: Server, ti: Ti
) -> None:
    before = platform.invoke(fleet, "name", InferenceComponentName=component)
    fault = {"resource": "inference-component", "event": "update-fails", "name": component}
    with server.faults(fault), pytest.raises(DeploymentError, match="An injected fault"):
        run(components.deploy(fleet, component, components.package(platform, "worse")), ti)
    with pytest.raises(RolledBackError, match="did not pass the ping health check"):
        run(components.deploy(fleet, component, components.package(platform, "broken", BROKEN)), ti)
    assert platform.invoke(fleet, "name", InferenceComponentName=component) == before


def test_model_that_does_not_answer_goes_back(
    platform: Platform, fleet: str, component: str, ti: Ti
) -> None:
    before = platform.invoke(fleet, "name", InferenceComponentName=component)
    wrong = components.deploy(
        fleet, component, components.package(platform, "wrong"), smoke_payload="fail-wrong it"
    )
    with (
        set_current_context(cast("Any", {"ti": ti})),
        pytest.raises(RolledBackError, match="serves again"),
    ):
        run(wrong, ti)
    (note,) = ti.pushed["run_note"]
    assert f"was rolled back on endpoint {fleet}: Inference component {component} failed" in note
    assert platform.invoke(fleet, "name", InferenceComponentName=component) == before


def test_failed_rollback_keeps_the_reason_of_the_test_request(
    platform: Platform, fleet: str, ti: Ti
) -> None:
    """The next try goes back to the noted model; another update is left alone."""
    name = platform.unique("component")
    model = run(components.deploy(fleet, name, components.package(platform, "old")), ti)["model"]
    delete = partial(platform.sagemaker.delete_model, ModelName=model)
    arguments: dict[str, Any] = {"smoke_payload": "fail-wrong it", "before_update": delete}
    wrong = components.deploy(fleet, name, components.package(platform, "wrong"), **arguments)
    with pytest.raises(RolledBackError, match=f"(?s)the test request: .*rollback to {model} fail"):
        run(wrong, ti)
    description = platform.sagemaker.describe_inference_component(InferenceComponentName=name)
    serving = description["Specification"]["ModelName"]
    assert wrong.hosted.before(serving) == model
    says = wrong.hosted.go_back({"ModelName": "another"}, model)
    assert says == f"Not rolled back: another change came in between, to {serving}."


def test_component_without_room_fails_with_awss_reason(
    platform: Platform, fleet: str, component: str, ti: Ti
) -> None:
    large = Component(memory_mb=1024, cpus=1, copies=9)
    deploy = components.deploy(
        fleet, platform.unique("large"), components.package(platform, "large"), needs=large
    )
    with pytest.raises(DeploymentError, match="not enough hardware resources"):
        run(deploy, ti)


def test_copies_are_scaled_to_zero_and_back(
    platform: Platform, fleet: str, component: str, server: Server, ti: Ti
) -> None:
    scaled = Component(memory_mb=1024, least_copies=0, most_copies=3)
    arguments: dict[str, Any] = {"task_id": "scale", "endpoint": fleet, "component": component}
    result = run(ComponentAutoscalingOperator(needs=scaled, **arguments), ti)
    assert (result["min"], result["max"]) == (0, 3)
    assert set(result["policies"]) == {"prodml-invocations-per-copy", "prodml-from-zero"}
    (alarm,) = result["policies"]["prodml-from-zero"]
    assert alarm == f"prodml/{fleet}/{component}/prodml-from-zero"  # others are on the endpoint
    scaling = server.client("application-autoscaling")
    place = {"ServiceNamespace": "sagemaker", "ResourceIds": [result["resource_id"]]}
    assert len(scaling.describe_scalable_targets(**place)["ScalableTargets"]) == 1
    run(ComponentAutoscalingOperator(needs=components.HALF, **arguments), ti)
    assert scaling.describe_scalable_targets(**place)["ScalableTargets"] == []


def test_studio_shows_an_endpoint_of_components(
    platform: Platform, fleet: str, component: str, server: Server
) -> None:
    shown = overview.endpoint(server, fleet, {"ml.m5.large": 0.1})
    assert shown is not None
    (hosts,) = shown["variants"]
    assert (hosts["model"], hosts["image"], hosts["instance_type"]) == ("", "", "ml.m5.large")
    assert hosts["instances"] == hosts["desired"] > 0


def test_endpoint_of_a_model_holds_no_components(platform: Platform, ti: Ti) -> None:
    other = platform.serving(variant(platform.model()))
    with pytest.raises(RequestRefusedError, match="serves a model of its own"):
        run(
            components.deploy(
                other, platform.unique("component"), components.package(platform, "x")
            ),
            ti,
        )
