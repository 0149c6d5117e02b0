"""Leave sentences for the note of a task's DAG run: results, and why a task was skipped.

The Task SDK cannot set a run's note, so a task leaves its sentences as an XCom, and
:mod:`prodml.listeners.run_note` puts them into the note when the run ends.
"""

from __future__ import annotations

import logging
from typing import NoReturn

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

log = logging.getLogger(__name__)
KEY = "run_note"


def leave(*sentences: str) -> None:
    """Leave *sentences* for the note of the run, in place of this task's earlier ones."""
    try:
        ti = get_current_context()["ti"]
    except RuntimeError:  # not called by a task, so there is no run to note it on
        return
    # PostgreSQL takes no NUL in a text.
    ti.xcom_push(key=KEY, value=[sentence.replace("\0", "") for sentence in sentences])


def skip(reason: str) -> NoReturn:
    """Skip the task: log *reason* and leave it for the run's note; raise AirflowSkipException."""
    log.info("Skipped: %s", reason)
    leave(f"Skipped: {reason}")
    raise AirflowSkipException(reason) from None
