"""Actions of users, as requests to Airflow's API."""

from __future__ import annotations

import pytest

from chaos.users import Run
from tests.chaos.worlds import Answering, task

RUN = Run("ours", "crash", "manual__1", "chaos-1")
PLACE = "/dags/crash/dagRuns/manual__1"
DAYS = ("2024-01-29T00:00:00Z", "2024-02-28T00:00:00Z")


def test_the_second_of_two_clears_may_be_refused() -> None:
    Answering({"clearTaskInstances": 409}).clear(RUN)
    with pytest.raises(RuntimeError, match="500: refused"):
        Answering({"clearTaskInstances": 500}).clear(RUN)


def test_a_clear_takes_tasks_of_every_state() -> None:
    users = Answering({})
    users.clear(RUN)
    ((line, body),) = users.requests
    assert line == "POST /dags/crash/clearTaskInstances"
    assert body == {"dag_run_id": "manual__1", "dry_run": False, "only_failed": False}


def test_a_task_and_a_run_are_marked() -> None:
    users = Answering({})
    users.mark_task(RUN, "failed")
    users.mark_run(RUN, "success")
    assert users.requests == [
        (f"PATCH {PLACE}/taskInstances/task", {"new_state": "failed"}),
        (f"PATCH {PLACE}", {"state": "success"}),
    ]


def test_a_run_is_marked_before_it_is_deleted() -> None:
    """An ended run cannot be marked, and is deleted all the same."""
    users = Answering({"^PATCH": 409, "^DELETE": {}})
    users.delete(RUN)
    assert [line for line, _ in users.requests] == [f"PATCH {PLACE}", f"DELETE {PLACE}"]
    with pytest.raises(Exception, match="409"):
        Answering({"^DELETE": 409}).delete(RUN)


@pytest.mark.parametrize(("again", "behavior"), [(True, "completed"), (False, "none")])
def test_a_backfill_repeats_completed_runs_if_asked(again: bool, behavior: str) -> None:
    users = Answering({"POST /backfills": {"id": 7}})
    assert users.backfill("retrain_churn", DAYS, {"max_cost": 1.0}, again) == 7
    ((_, body),) = users.requests
    assert (body["from_date"], body["to_date"]) == DAYS
    assert (body["reprocess_behavior"], body["dag_run_conf"]) == (behavior, {"max_cost": 1.0})


@pytest.mark.parametrize("completed", [None, "2024-03-01T00:00:00Z"])
def test_a_backfill_ends_with_its_last_run(completed: str | None) -> None:
    users = Answering({"GET /backfills/7": {"completed_at": completed}})
    assert users.backfill_ended(7) is (completed is not None)


def test_a_deleted_run_has_no_states() -> None:
    assert Answering({"taskInstances": task("running")}).task_states(RUN) == ["running"]
    assert Answering({"taskInstances": 404}).task_states(RUN) == []
