from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from prodml.autoscaling.scaling import Schedule
from prodml.endpoints.component import Component
from prodml.endpoints.rollout import Rollout, Strategy
from prodml.endpoints.serverless import Serverless

from include.jobs.tabular.schema import Schema, SchemaError
from include.pipelines.churn import PIPELINE
from include.pipelines.definition.candidate import Candidate
from include.pipelines.definition.resources import Instances, Resources
from include.pipelines.definition.search_space import Search
from include.pipelines.definition.serving import Fleet
from include.pipelines.errors import PipelineError

NUMBER = Schema(key="id", label="price", numbers=("size",))
NEEDS = Component(memory_mb=1024)
OWN = (Candidate("own", "x", {}, image="own:v1"),)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": "Churn Model"}, "cannot be called 'Churn Model': use up to"),
    ({"direction": "up"}, r"direction is 'up'; use one of .*Maximize"),
    ({"direction": "Minimize"}, r"a higher validation:auc is better\. Choose Maximize\."),
    ({"candidates": ()}, "define at least one"),
    ({"candidates": PIPELINE.candidates[:1] * 2}, "with unique names"),
    ({"search": Search("tree", {}, {})}, "it searches 'tree', but its candidates are"),
    ({"judged_by": "rmse"}, r"'rmse' is not a score of a binary model; use .*auc"),
    ({"guards": {"beauty": 0.1}}, "'beauty' is not a score of a binary model"),
    ({"schema": NUMBER, "costs": None}, "'auc' is not a score of a regression model"),
    (
        {"serverless": Serverless(), "rollout": Rollout(Strategy.ROLLING)},
        "it is serverless, and its rollout is rolling; use one of all-at-once, canary, linear",
    ),
    (
        {"serverless": Serverless(), "resources": Resources(endpoint=Instances(count=2))},
        "it is serverless and has resources for its endpoint",
    ),
    (
        {"serverless": Serverless(), "scaling": (Schedule("night", "rate(1 day)", 1, 2),)},
        "it is serverless and has scaling of instances",
    ),
    (
        {"component": NEEDS, "rollout": Rollout(Strategy.AB)},
        "it is an inference component, and its rollout is ab; use one of all-at-once, rolling",
    ),
    (
        {"component": NEEDS, "scaling": (Schedule("night", "rate(1 day)", 1, 2),)},
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
def test_a_pipeline_that_cannot_work_is_refused_at_import(
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


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"numbers": ("size", "size")}, "'size' is in the schema twice"),
        ({}, "no column to learn from"),
        ({"numbers": ("size",), "labels": {"a": 1, "b": 2}}, "Number the classes 0, 1"),
    ],
)
def test_a_schema_that_contradicts_itself_is_refused(
    columns: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SchemaError, match=sentence):
        Schema(key="id", label="price", **columns)
