"""Notify of DAG runs that failed, or that have not ended when they were due.

Airflow calls the first in the DAG processor, and the second, a deadline alert, in the triggerer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from prodml.notifications.message import Source
from prodml.notifications.receivers import receivers
from prodml.notifications.run_events import RunFailed, RunLate
from prodml.notifications.sending import send

if TYPE_CHECKING:
    from airflow.sdk.definitions.deadline import DeadlineAlert

log = logging.getLogger(__name__)
SERIES = timedelta(hours=1)  # failures of a DAG that follow each other faster are one series
SCHEDULED = "scheduled"
ENDED = ("success", "failed")  # Airflow keeps the deadline of a run that failed before it


def on_failure() -> Callable[[Mapping[str, Any]], None] | None:
    """Return a DAG's `on_failure_callback`; None where no one is to be notified."""
    return run_failed if receivers() else None


def late_after(interval: timedelta) -> DeadlineAlert | None:
    """Return a DAG's `deadline` for its scheduled runs; None where no one is to be notified.

    :param interval: The time from the logical date of a run, which is the start of its data
        interval, until the run must have ended.
    """
    if not receivers():
        return None
    from airflow.sdk.definitions.callback import AsyncCallback
    from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
        interval=interval,
        callback=AsyncCallback(run_late),
    )


def run_failed(context: Mapping[str, Any]) -> None:
    """Send the failure of the run in *context*, unless it continues a series."""
    if _continues_series(context):
        log.info("Not sent: the run before failed as well, less than %s earlier", SERIES)
        return
    dag_id, reason = context["dag"].dag_id, str(context.get("reason") or "unknown")
    send(RunFailed(dag_id=dag_id, reason=reason), Source(dag_id, context["run_id"]))


def _continues_series(context: Mapping[str, Any]) -> bool:
    """Return whether the scheduled run before failed too; False if Airflow cannot be asked."""
    run, ti = context.get("dag_run"), context.get("ti")
    if run is None or ti is None or run.run_type != SCHEDULED:
        return False
    try:
        before = ti.get_previous_dagrun()
    except Exception as error:  # noqa: BLE001 -- rather send one message too many
        log.warning("Cannot read the run before %s: %s", run.run_id, error)
        return False
    if before is None or before.state != "failed":
        return False
    return bool(run.logical_date - before.logical_date < SERIES)


async def run_late(context: Mapping[str, Any], **_: Any) -> None:
    """Send that the scheduled run in *context* has missed its deadline."""
    run = context["dag_run"]
    if run["run_type"] != SCHEDULED or run["state"] in ENDED:
        return
    due = context["deadline"]["deadline_time"]
    moment = due if isinstance(due, datetime) else datetime.fromisoformat(str(due))
    event = RunLate(dag_id=run["dag_id"], due=f"{moment:%Y-%m-%d %H:%M} UTC")
    await asyncio.to_thread(send, event, Source(run["dag_id"], run["dag_run_id"]))
