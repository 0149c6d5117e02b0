"""The wiring around an endpoint, and the tasks between its operators."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from include import assets
from include.pipelines import stages
from include.pipelines.churn import PIPELINE
from include.pipelines.deployment import pins
from include.pipelines.evaluation import champion
from include.pipelines.stages import serving
from tests.include.pipelines.stages.conftest import Wired

PLAN: Any = {"pipeline": "churn", "version": 3}


def test_a_deployment_without_a_pin_holds_nothing() -> None:
    assert serving.hold.function(PLAN, params={"pin": False}) is None
    serving.undo_hold.function(None)


@pytest.mark.parametrize(
    ("rollout", "contest"), [("ab", True), ("shadow", True), ("canary", False)]
)
def test_a_challenger_in_a_contest_is_held_as_one(
    monkeypatch: pytest.MonkeyPatch, rollout: str, contest: bool
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(pins, "hold", lambda *arguments: asked.append(arguments))
    params = {"pin": True, "rollout": rollout}
    serving.hold.function(PLAN, params=params)
    assert asked == [(PIPELINE, 3, contest)]


def test_what_serves_is_announced_to_the_pipelines_own_asset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(champion, "deployed_event", lambda deployed: {"arn": deployed["config"]})
    event = SimpleNamespace(extra=None)
    outlets = {assets.model("churn"): event}
    deployed: Any = {"config": "c-2"}
    serving.announce.function("churn", deployed, outlet_events=outlets)
    assert event.extra == {"arn": "c-2"}


def test_the_deployment_may_not_go_back_and_asks_for_the_pin_last(wired: Wired) -> None:
    def judged_and_released() -> None:
        window, prepared = stages.prepare(PIPELINE)
        selection = stages.compete(PIPELINE, window, prepared)
        judged = stages.judge(PIPELINE, window, prepared, selection)
        stages.release(PIPELINE, judged, stages.register(PIPELINE, judged))

    deploy = wired(judged_and_released)["deploy"]
    assert deploy.order_by == "window_end"
    assert deploy.before_update.func is pins.leave_pinned
    assert deploy.max_active_tis_per_dag == 1
