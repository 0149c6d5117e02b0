"""The note of a run, on tables of Airflow's own metadata in memory."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from airflow.models import import_all_models
from airflow.models.dagrun import DagRun, DagRunNote
from airflow.models.log import Log
from airflow.models.taskinstance import TaskInstance
from airflow.models.tasklog import LogTemplate
from airflow.models.xcom import XComModel
from prodml.listeners import run_note
from prodml.run_notes import KEY
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

MODELS: tuple[Any, ...] = (DagRun, DagRunNote, XComModel, LogTemplate, TaskInstance, Log)


@pytest.fixture
def session() -> Iterator[Session]:
    import_all_models()  # type: ignore[no-untyped-call]  # foreign keys name some of them
    engine = create_engine("sqlite://")
    DagRun.metadata.create_all(engine, tables=[model.__table__ for model in MODELS])
    with Session(engine) as session:
        yield session


@pytest.fixture
def run(session: Session) -> Any:
    run = DagRun(dag_id="check_churn_drift", run_id="r", run_type="manual")
    session.add(run)
    session.commit()
    return run


def _left(run: Any, task: str, *sentences: str) -> XComModel:
    facts: dict[str, Any] = {
        "dag_id": run.dag_id,
        "run_id": run.run_id,
        "dag_run_id": run.id,
        "map_index": -1,
    }
    return XComModel(task_id=task, key=KEY, value=list(sentences), **facts)


def _note(session: Session, run: Any) -> tuple[str, str | None]:
    """End the run as the scheduler does; return its stored note and the user of that."""
    run_note.on_dag_run_success(run, "success")
    session.commit()
    stored = session.execute(select(DagRunNote.content, DagRunNote.user_id)).one()
    return stored.content, stored.user_id


def test_what_tasks_have_left_is_the_note_each_sentence_once(session: Session, run: Any) -> None:
    session.add_all(
        [
            _left(run, "a", "churn: ALERT in age.", "spare: OK."),
            _left(run, "b", "Skipped: pinned."),
            _left(run, "c", "Skipped: pinned."),
        ]
    )
    text = "churn: ALERT in age.\n\nspare: OK.\n\nSkipped: pinned."
    assert _note(session, run) == (text, run_note.AUTHOR)


def test_a_second_end_replaces_the_note_and_leaves_none_behind(session: Session, run: Any) -> None:
    first = _left(run, "a", "churn: ALERT in age.")
    session.add(first)
    _note(session, run)
    first.value = ["churn: OK."]
    assert _note(session, run) == ("churn: OK.", run_note.AUTHOR)
    session.delete(first)
    run_note.on_dag_run_failed(run, "task_failure")
    session.commit()
    assert session.scalars(select(DagRunNote)).all() == []


def test_what_a_person_has_written_stays_above(session: Session, run: Any) -> None:
    run.note = ("Asked for by Ann.", "ann")
    session.add(_left(run, "a", "churn: OK."))
    assert _note(session, run) == ("Asked for by Ann.\n\nchurn: OK.", "ann")
    assert _note(session, run) == ("Asked for by Ann.\n\nchurn: OK.", "ann")


def test_other_xcoms_and_other_runs_are_no_part_of_it(session: Session, run: Any) -> None:
    other = DagRun(dag_id="check_churn_drift", run_id="other", run_type="manual")
    session.add(other)
    session.commit()
    result = _left(run, "a")
    result.key, result.value = "return_value", ["secret"]
    session.add_all([result, _left(run, "b", "churn: OK."), _left(other, "b", "churn: WARN.")])
    assert _note(session, run) == ("churn: OK.", run_note.AUTHOR)


@pytest.mark.parametrize("theirs", ["", "t" * 500, "t" * 998, "t" * 1000])
def test_a_note_is_never_longer_than_airflow_stores_and_keeps_what_a_person_wrote(
    theirs: str,
) -> None:
    note = run_note.joined(theirs, ["a" * 600, "b" * 600])
    assert len(note) <= run_note.LONGEST
    assert note.startswith(theirs)


def test_tasks_that_airflow_skips_itself_are_named_with_the_reason(
    session: Session, run: Any
) -> None:
    """A task that never ran has no log of its own: its audit log says it instead."""
    chain = {"resolve": set(), "upload": {"resolve"}, "train": {"upload"}}
    run.dag = SimpleNamespace(
        task_dict={
            task_id: SimpleNamespace(
                upstream_task_ids=upstream, trigger_rule="all_success", is_mapped=False
            )
            for task_id, upstream in chain.items()
        }
    )
    session.add(_left(run, "resolve", "Skipped: no new rows."))
    for task_id in chain:
        row = {"id": uuid4(), "task_id": task_id, "dag_id": run.dag_id, "run_id": run.run_id}
        where = {"state": "skipped", "pool": "default_pool", "try_number": 0, "pool_slots": 1}
        session.execute(insert(TaskInstance).values(**row, **where))
    sentence = "Skipped because resolve was"
    assert _note(session, run)[0] == f"Skipped: no new rows.\n\n{sentence}: upload, train."
    recorded = session.execute(select(Log.task_id, Log.event, Log.extra)).all()
    assert [tuple(row) for row in recorded] == [
        (task, "skipped", f"{sentence}.") for task in ("upload", "train")
    ]
