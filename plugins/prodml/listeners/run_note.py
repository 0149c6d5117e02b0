"""Write what the tasks of a DAG run have left for it into the run's note, when the run ends.

The scheduler calls a listener with the run in its own session, and the API server does when
a person marks a run: no token is needed, so it works with any auth manager. Both commit afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from airflow.listeners import hookimpl

from prodml.listeners import silent_skips
from prodml.run_notes import KEY

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun
    from sqlalchemy.orm import Session

AUTHOR = "prodml"  # the user of a note that no person has written or changed
LONGEST = 1000  # characters that Airflow's column holds; a longer note would stop the scheduler


@hookimpl
def on_dag_run_success(dag_run: DagRun, msg: str) -> None:
    """Write the note of a run that succeeded."""
    write(dag_run, msg)


@hookimpl
def on_dag_run_failed(dag_run: DagRun, msg: str) -> None:
    """Write the note of a run that failed."""
    write(dag_run, msg)


def write(dag_run: DagRun, message: str) -> None:
    """Set the note of *dag_run* to its tasks' sentences, below what a person has written."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy.orm import object_session

    tasks = dag_run.dag.task_dict if dag_run.dag else {}
    if session := object_session(dag_run):
        _write(session, dag_run, tasks, message)
        return
    with create_session() as session:  # `dag.test()` has closed the run's own
        if attached := session.get(DagRun, dag_run.id):
            _write(session, attached, tasks, message)


def _write(session: Session, dag_run: DagRun, tasks: Mapping[str, Any], message: str) -> None:
    skips = silent_skips.explain(session, dag_run, tasks, message)
    sentences = [*dict.fromkeys(_left(session, dag_run)), *skips]
    note = dag_run.dag_run_note
    theirs = note.content or "" if note and note.user_id != AUTHOR else ""
    content = joined(theirs, sentences)
    if not sentences and not theirs:
        dag_run.dag_run_note = None  # of tasks that were cleared since
    elif note:
        note.content = content
    else:
        dag_run.note = (content, AUTHOR)


def joined(theirs: str, sentences: Iterable[str]) -> str:
    """Return *theirs* and the *sentences* that it does not hold, within Airflow's limit."""
    fresh = "\n\n".join(sentence for sentence in sentences if sentence not in theirs)
    before = f"{theirs}\n\n" if theirs and fresh else theirs
    room = LONGEST - len(before)
    if len(fresh) <= room:
        return before + fresh
    return f"{before}{fresh[: room - 3]}..." if room > 3 else theirs


def _left(session: Session, dag_run: DagRun) -> list[str]:
    """Return the sentences of the run's tasks, in the order in which they were left."""
    from airflow.models.xcom import XComModel
    from sqlalchemy import select

    left = (
        select(XComModel.value)
        .where(XComModel.dag_run_id == dag_run.id, XComModel.key == KEY)
        .order_by(XComModel.timestamp)
    )
    values: list[Any] = list(session.scalars(left))
    return [str(line) for value in values if isinstance(value, list) for line in value]
