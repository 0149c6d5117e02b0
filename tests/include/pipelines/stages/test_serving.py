"""The wiring around an endpoint, and the tasks between its operators."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from prodml.endpoints.component import Component, Hosts

from include import assets
from include.pipelines import stages
from include.pipelines.churn import PIPELINE
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.serving import Fleet
from include.pipelines.deployment import pins
from include.pipelines.evaluation import champion
from include.pipelines.stages import serving
from tests.include.pipelines.stages.conftest import Wired

RELEASED = ("watch", "deploy", "autoscale", "smoke_test")


def test_what_serves_is_announced_to_the_pipelines_own_asset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(champion, "deployed_event", lambda deployed: {"arn": deployed["config"]})
    event = SimpleNamespace(extra=None)
    outlets = {assets.model("churn"): event}
    deployed: Any = {"config": "c-2"}
    serving.announce.function("churn", deployed, outlet_events=outlets)
    assert event.extra == {"arn": "c-2"}


def judged_and_released(pipeline: Pipeline) -> None:
    window, prepared = stages.prepare(pipeline)
    selection = stages.compete(pipeline, window, prepared)
    judged = stages.judge(pipeline, window, prepared, selection)
    stages.release(pipeline, judged, stages.register(pipeline, judged))


def test_a_component_is_released_like_a_variant_in_one_container(wired: Wired) -> None:
    needs, fleet = Component(memory_mb=1024, most_copies=2), Fleet("shared", Hosts(most=3))
    hosted = replace(PIPELINE, component=needs, fleet=fleet)
    tasks = wired(judged_and_released, hosted, pipeline=hosted)
    deploy, autoscale = tasks["deploy"], tasks["autoscale"]
    assert (deploy.task_type, deploy.order_by) == ("DeployComponentOperator", "window_end")
    assert deploy.before_update.args == (hosted,)
    assert deploy.needs == autoscale.needs == needs
    assert deploy.hosts == fleet.hosts
    places = {(task.endpoint, task.component) for name in RELEASED for task in [tasks[name]]}
    assert places == {("shared", "churn")}
    assert tasks["pack"].downstream_task_ids == {"packed_best"}
    assert "pack" not in wired(judged_and_released, PIPELINE)


def test_the_deployment_may_not_go_back_and_asks_for_the_pin_last(wired: Wired) -> None:
    deploy = wired(judged_and_released, PIPELINE)["deploy"]
    assert deploy.order_by == "window_end"
    assert deploy.before_update.func is pins.leave_pinned
    assert deploy.max_active_tis_per_dag == 1
