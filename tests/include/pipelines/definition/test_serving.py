"""The serving kinds of a pipeline: their names, rollouts, and what each cannot have."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from prodml.autoscaling.scaling import Schedule
from prodml.endpoints.component import Component, Hosts
from prodml.endpoints.rollout import Rollout, Strategy
from prodml.endpoints.serverless import Serverless

from include.pipelines.churn import PIPELINE
from include.pipelines.definition.candidate import Candidate
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.resources import Instances, Resources
from include.pipelines.definition.serving import (
    COMPONENT,
    INSTANCES,
    SERVERLESS,
    Fleet,
    Served,
)
from include.pipelines.errors import PipelineError

NEEDS = Component(memory_mb=1024)
OWN = (Candidate("own", "x", {}, image="own:v1", metrics=PIPELINE.candidates[2].metrics),)
NIGHT = (Schedule("night", "rate(1 day)", 1, 2),)

WRONG: list[tuple[dict[str, Any], str]] = [
    (
        {"serverless": Serverless(), "rollout": Rollout(Strategy.ROLLING)},
        "it is serverless, and its rollout is rolling; use one of all-at-once, canary, linear",
    ),
    (
        {"serverless": Serverless(), "resources": Resources(endpoint=Instances(count=2))},
        "it is serverless and has resources for its endpoint",
    ),
    (
        {"serverless": Serverless(), "scaling": NIGHT},
        "it is serverless and has scaling of instances",
    ),
    (
        {"component": NEEDS, "rollout": Rollout(Strategy.AB)},
        "it is an inference component, and its rollout is ab; use one of all-at-once, rolling",
    ),
    (
        {"component": NEEDS, "scaling": NIGHT},
        "it is an inference component and has scaling of instances; .*most_copies of Component",
    ),
    ({"component": NEEDS, "serverless": Serverless()}, "both serverless and an inference comp"),
    ({"fleet": Fleet("shared")}, "it has a fleet and no component"),
    (
        {"candidates": OWN, "search": None, "component": NEEDS},
        "takes one container, and candidate '.*' has an image of its own",
    ),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG)
def test_a_serving_kind_that_contradicts_the_rest_is_refused(
    change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(PipelineError, match=sentence):
        dataclasses.replace(PIPELINE, **change)


def test_components_of_pipelines_share_an_endpoint_and_keep_their_names() -> None:
    hosted = dataclasses.replace(PIPELINE, component=NEEDS, fleet=Fleet("shared"))
    assert (hosted.endpoint, hosted.component_name, hosted.group) == ("shared", "churn", "churn")
    assert (hosted.capture, hosted.strategies) == (None, ["all-at-once", "rolling"])
    arguments = hosted.default_args()
    assert (arguments["endpoint"], arguments["component"]) == ("shared", "churn")
    assert (arguments["group"], arguments["experiment"]) == ("churn", "churn")
    assert (PIPELINE.endpoint, PIPELINE.component_name) == ("churn", None)


def test_components_without_a_fleet_are_on_an_endpoint_of_their_own() -> None:
    alone = dataclasses.replace(PIPELINE, component=NEEDS)
    assert (alone.endpoint, alone.hosts) == ("churn", Hosts())
    shared = dataclasses.replace(PIPELINE, component=NEEDS, fleet=Fleet("f", Hosts(most=3)))
    assert shared.hosts.most == 3


@pytest.mark.parametrize(
    ("pipeline", "kind", "is_packed"),
    [
        (PIPELINE, INSTANCES, False),
        (dataclasses.replace(PIPELINE, serverless=Serverless()), SERVERLESS, True),
        (dataclasses.replace(PIPELINE, component=NEEDS), COMPONENT, True),
    ],
    ids=["instances", "serverless", "component"],
)
def test_only_instances_take_several_containers_all_rollouts_and_capture(
    pipeline: Pipeline, kind: str, is_packed: bool
) -> None:
    assert (pipeline.kind, pipeline.is_packed) == (kind, is_packed)
    assert (pipeline.capture is None) == is_packed
    assert (set(pipeline.strategies) < set(map(str, Strategy))) == is_packed
    assert pipeline.contradiction() is None


class Named(Served):
    """A pipeline of a name that SageMaker does not allow."""

    name = "late_payers"
    serverless = component = fleet = None


def test_names_have_hyphens_and_paths_in_s3_underscores() -> None:
    named = Named()
    assert (named.group, named.endpoint) == ("late-payers", "late-payers")
    assert str(named.capture).endswith("late_payers/capture")
