from __future__ import annotations

import pytest
from prodml.notifications.events import NAMED, Event
from prodml.notifications.run_events import (
    BudgetRefused,
    DagBroken,
    OrphansStopped,
    RunFailed,
    RunLate,
    TrainingProblem,
)


@pytest.mark.parametrize(
    ("event", "title", "fact"),
    [
        (BudgetRefused(reason="It may cost 9 USD."), "was refused by its budget", "cost 9 USD."),
        (OrphansStopped(jobs=["a"]), "1 orphaned job was stopped", "Stopped: a."),
        (OrphansStopped(jobs=["a", "b"]), "2 orphaned jobs were stopped", "Stopped: a, b."),
        (RunFailed(dag_id="retrain", reason="timed_out"), "A run of retrain failed", ": timed_out"),
        (RunLate(dag_id="retrain", due="noon"), "run of retrain has not ended", "due at noon."),
        (
            DagBroken(file="retrain.py"),
            "DAG file retrain.py cannot be",
            "starts no run of its DAGs",
        ),
    ],
    ids=["budget", "orphan", "orphans", "failed", "late", "broken"],
)
def test_an_event_says_what_happened_and_why(event: Event, title: str, fact: str) -> None:
    assert title in event.title
    (only,) = event.facts()
    assert fact in only


def test_a_training_problem_lists_its_first_findings_as_they_are() -> None:
    findings = [f"Rule{number}: text" for number in range(NAMED + 3)]
    event = TrainingProblem(job="trial-1", findings=findings)
    assert event.title.endswith("in training job trial-1")
    assert [*event.facts()] == findings[:NAMED]
