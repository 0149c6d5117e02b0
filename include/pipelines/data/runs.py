"""Resolve the window of a DAG run: from Params, its interval, its event, or the newest data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from prodml.endpoints.rollout import Rollout, Strategy
from prodml.rendered import instant, moment

from include.pipelines.contracts.data import Window
from include.pipelines.data import retention, windows
from include.pipelines.data.inputs import publish
from include.pipelines.data.landing import places
from include.pipelines.data.partitions import find_partitions
from include.pipelines.data.windows import DataWindow, window_ending
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.scores import refuse_direction
from include.settings import settings

Context = Mapping[str, Any]
UNATTENDED = ("scheduled", "backfill")


def resolve_window(pipeline: Pipeline, context: Context) -> Window:
    """Return the run's window of complete partitions, with the S3 prefixes of the run."""
    refuse_contradictions(context["params"])
    now = datetime.now(UTC)
    window = training_window(pipeline, context, now)
    prefix = run_prefix(context, pipeline.name)
    return {
        "start": instant(window.start),
        "holdout": instant(window.holdout),
        "end": instant(window.end),
        **publish(pipeline, window.partitions, prefix, now),
        "prefix": prefix,
        "artifacts": run_prefix(context, pipeline.name, retention.ARTIFACTS),
        "started_by": started_by(context),
    }


def started_by(context: Context) -> str:
    """Return what started the run: the alert and its columns, or the kind of run."""
    for events in (context.get("triggering_asset_events") or {}).values():
        for event in events:
            if columns := (event.extra or {}).get("columns"):
                window = event.extra["window_end"]
                # Stored as metadata in the registry, which does not allow commas.
                return f"drift alert of the window until {window}: {' '.join(columns)}"[:256]
    return run_type(context)


def refuse_contradictions(params: Mapping[str, Any]) -> None:
    """Refuse combinations of fields, which a form cannot check."""
    least, most = params.get("min_instances"), params.get("max_instances")  # not of every kind
    if least is not None and most is not None and least > most:
        raise ValueError(
            f"min_instances {least} is above max_instances {most}. Set it to at most {most}."
        )
    if "metric" in params and "direction" in params:
        refuse_direction(params["metric"], params["direction"])
    Rollout(Strategy(params["rollout"]), params["rollout_step"], params["rollout_wait"])


def training_window(pipeline: Pipeline, context: Context, now: datetime) -> DataWindow:
    """Return the window to train on; raise NothingNew for a scheduled run without new data."""
    partitions, stated = find_partitions(pipeline), pipeline.partitions
    params, run = context["params"], context["dag_run"]
    where = " or ".join(place.address for place in places(pipeline.name))
    windows.refuse_none(partitions, where, stated)
    windows.refuse_future(stated, partitions, now)
    end = run.data_interval_end or now
    if wanted := params.get("window_end"):
        end = moment(wanted)
        windows.refuse_later_than_all(partitions, end)
        windows.refuse_unfinished(partitions, end, now)
        windows.refuse_gap(stated, partitions, end)
    elif run_type(context) in UNATTENDED:
        windows.refuse_idle(pipeline.holdout, partitions, run.data_interval_start, end)
    return window_ending(pipeline, partitions, min(end, now), params["window_partitions"])


def run_prefix(context: Context, pipeline: str, folder: str = retention.RUNS) -> str:
    """Return the S3 prefix of what a run writes; that of *folder* RUNS expires."""
    run_id = re.sub(r"[^A-Za-z0-9_.-]+", "-", context["dag_run"].run_id)
    return settings().uri(pipeline, folder, context["dag"].dag_id, run_id)


def check_window(context: Context) -> tuple[datetime, datetime]:
    """Return the window of a drift check: from Params, the run's interval, or the current hour."""
    params, run = context["params"], context["dag_run"]
    given = params.get("window_start"), params.get("window_end")
    if any(given):
        return _stated(*given)
    if run.data_interval_start and run.data_interval_end > run.data_interval_start:
        return run.data_interval_start, run.data_interval_end
    now = datetime.now(UTC)
    return now.replace(minute=0, second=0, microsecond=0), now


def _stated(start: str | None, end: str | None) -> tuple[datetime, datetime]:
    if not start or not end or moment(start) >= moment(end):
        raise ValueError(
            f"Invalid window: {start} to {end}. Set both window_start and window_end, with the "
            "start before the end, or leave both empty."
        )
    return moment(start), moment(end)


def run_type(context: Context) -> str:
    """Return the run's type: scheduled, manual, backfill or asset_triggered."""
    kind = context["dag_run"].run_type
    return str(getattr(kind, "value", kind))
