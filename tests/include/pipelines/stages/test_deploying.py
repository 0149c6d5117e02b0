"""The tasks between the operators of a deployment that a person asks for."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines.churn import PIPELINE
from include.pipelines.deployment import pins
from include.pipelines.stages import deploying

PLAN: Any = {"pipeline": "churn", "version": 3}


def test_a_deployment_without_a_pin_holds_nothing() -> None:
    assert deploying.hold.function(PLAN, params={"pin": False}) is None
    deploying.undo_hold.function(None)


def test_the_pin_of_a_version_that_did_not_come_into_service_is_undone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    undone: list[Any] = []
    monkeypatch.setattr(pins, "undo", lambda *arguments: undone.append(arguments))
    held: Any = {"pipeline": "churn", "version": "3"}
    deploying.undo_hold.function(held)
    assert undone == [(PIPELINE, held)]


@pytest.mark.parametrize(
    ("rollout", "contest"), [("ab", True), ("shadow", True), ("canary", False)]
)
def test_a_challenger_in_a_contest_is_held_as_one(
    monkeypatch: pytest.MonkeyPatch, rollout: str, contest: bool
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(pins, "hold", lambda *arguments: asked.append(arguments))
    params = {"pin": True, "rollout": rollout}
    deploying.hold.function(PLAN, params=params)
    assert asked == [(PIPELINE, 3, contest)]


@pytest.mark.parametrize(
    ("component", "deployment"), [(None, "deploy"), ("churn", "deploy_component")]
)
def test_the_serving_kind_chooses_the_task_that_deploys(
    component: str | None, deployment: str
) -> None:
    plan = PLAN | {"component": component}
    assert deploying.choose_kind.function(plan) == deployment
