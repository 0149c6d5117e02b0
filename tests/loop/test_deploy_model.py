"""Approval by people, rollback by hand, and the pin that holds it."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.vocabulary import Json

from tests.loop.conftest import run_in_new_world
from tests.loop.people import NO_ANSWER
from tests.loop.test_churn_loop import dag, states, value

Results = tuple[list[Json], list[Json]]
TAG = "prodml:endpoint=churn"
SMALL = {"window_partitions": 2, "min_gain": 0}  # the same model again is as good as itself


def asked(answer: str, **conf: Any) -> dict[str, Any]:
    return dag("retrain_churn", **SMALL, auto_approve=False, **conf) | {"answer": answer}


DECISIONS = [
    dag("initialize_project"),
    dag("retrain_churn", **SMALL),
    asked(NO_ANSWER, approval_hours=0.001),
    dag("deploy_model", version=2),
    dag("deploy_model", version=1),
    asked("Approve"),
    dag("deploy_model", release_pin=True),
    dag("deploy_model", version=3, pin=False, rollout="ab", rollout_step=50),
    {"step": "traffic", "world": "original", "rows": 60},
    dag("promote_winner", hours=0, min_requests=10),
    dag("promote_winner", hours=0, min_requests=10, min_gain=-30),
    dag("promote_winner"),
    dag("deploy_model", version=9),
    {"step": "events", "asset": "churn_model"},
    {"step": "alarms"},
]
ENDS = [
    dag("reap_endpoints"),
    dag("deploy_model", version=1, pin=False, hours_to_live=0.0001),
    dag("reap_endpoints"),
    dag("deploy_model", version=1, pin=False),
    dag("tear_down_endpoints", tag=TAG),
    dag("tear_down_endpoints", tag=TAG, confirm=True),
    dag("tear_down_endpoints", tag=TAG, confirm=True),
]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return the results of what people decide, and then of what ends endpoints."""
    folder = tmp_path_factory.mktemp("deploy-model")
    results = run_in_new_world(folder, *DECISIONS, *ENDS)
    return results[: len(DECISIONS)], results[len(DECISIONS) :]


def test_endpoints_end_by_their_time_and_by_their_tag(results: Results) -> None:
    """A reaper, and a tear-down that proves itself; what is torn down comes back by its version."""
    _, (early, mortal, reaped, again, unconfirmed, gone, nothing) = results
    assert states(early, "expired_endpoints") == ["skipped"]  # it has no lifetime
    assert mortal["state"] == again["state"] == "success"
    assert value(reaped, "delete_endpoint")["deleted"]["endpoints"] == ["churn"]
    assert states(unconfirmed, "chosen_endpoints") == ["failed"]
    assert value(gone, "delete_endpoint")["deleted"]["endpoints"] == ["churn"]
    assert states(nothing, "delete_endpoint") == ["skipped"]


def test_people_decide_and_a_pin_outlasts_retrains(results: Results) -> None:
    decisions, _ = results
    _, first, ignored, refused, rollback, pinned, released, unheld, _, *contest = decisions
    assert value(first, "approve")["by"] == "auto_approve"
    assert states(first, "deploy") == ["success"]

    assert value(ignored, "approve")["approval"] == "Rejected"
    assert "No answer within 0.001 hours" in value(ignored, "approve")["why"]
    assert states(ignored, "deploy") == states(ignored, "announce") == ["skipped"]
    assert ignored["state"] == "success"

    assert states(refused, "approve") == ["failed"]  # a rejected model is never deployed
    assert rollback["state"] == "success"
    assert value(rollback, "deploy")["changed"] is False  # version 1 serves already
    assert "Version 1 of churn is pinned.\n\n" in rollback["note"]
    assert "Endpoint churn serves version churn/1 already." in rollback["note"]

    assert "| auc |" in value(pinned, "judge")["scorecards"]
    assert value(pinned, "approve")["approval"] == "Approved"
    assert "Version churn/3 was PendingManualApproval and is Approved" in pinned["note"]
    assert "Version 1 of churn is pinned, so this model is not deployed" in pinned["note"]
    assert "Skipped because unpinned was: watch, deploy" in pinned["note"]
    assert value(pinned, "approve")["by"] not in ("auto_approve", "no one")
    assert states(pinned, "deploy") == ["skipped"]  # approved, and yet version 1 stays

    assert states(released, "resolve_version") == states(released, "deploy") == ["skipped"]
    assert value(unheld, "deploy")["model_package_arn"].endswith("/3")
    assert value(unheld, "deploy")["contest"] is True
    unsure, ended, none, *more = contest
    assert states(unsure, "find_contest") == ["success"]
    assert states(unsure, "compare") == states(unsure, "promote") == ["skipped"]
    assert value(ended, "compare")["winner"] == "Challenger"  # of thirty each, none has failed
    assert value(ended, "promote")["promoted"] is True
    assert states(none, "find_contest") == states(none, "watch") == ["skipped"]
    assert states(none, "compare") == states(none, "promote") == ["skipped"]
    unknown, models, alarms = more
    assert value(unheld, "approve")["why"] == "It is approved already."
    assert states(unknown, "resolve_version") == ["failed"]

    assert states(unheld, "announce") == ["skipped"]  # a challenger is not in production
    announced = [event["model_package_arn"].rpartition("/")[2] for event in models["events"]]
    assert announced == ["1", "1", "3"]  # retrained, rolled back, promoted
    assert models["events"][0] == models["events"][1]
    assert not any("Challenger" in name for name in alarms["names"])  # it is the champion by now
