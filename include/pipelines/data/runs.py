"""Resolve the window of a DAG run: from Params, its interval, its event, or the newest data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from prodml.endpoints.rollout import Rollout, Strategy
from prodml.rendered import moment

from include.pipelines.contracts import Window
from include.pipelines.data import retention
from include.pipelines.data.slices import (
    WEEK,
    DataWindow,
    Slice,
    find_slices,
    interval_has_slice,
    window_ending,
)
from include.pipelines.data.validation import check_window as check_rows
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.scores import refuse_direction
from include.pipelines.errors import NothingNew
from include.settings import settings

Context = Mapping[str, Any]
UNATTENDED = ("scheduled", "backfill")


def resolve_window(pipeline: Pipeline, context: Context) -> Window:
    """Return the run's validated window, with the S3 prefixes of the run."""
    refuse_contradictions(context["params"])
    window = training_window(context, pipeline.name).to_json()
    files = window["files"]
    return {
        **window,
        "rows": check_rows(pipeline.schema, files),
        # A gap that is filled later makes another window, with another prefix.
        "raw": f"{pipeline.name}/{retention.RAW}/{window['start']}_{window['end']}_{len(files)}",
        "prefix": run_prefix(context, pipeline.name),
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
    least, most = params["min_instances"], params["max_instances"]
    if least is not None and most is not None and least > most:
        raise ValueError(
            f"min_instances {least} is above max_instances {most}. Set it to at most {most}."
        )
    if "metric" in params and "direction" in params:
        refuse_direction(params["metric"], params["direction"])
    Rollout(Strategy(params["rollout"]), params["rollout_step"], params["rollout_wait"])


def training_window(context: Context, pipeline: str) -> DataWindow:
    """Return the window to train on; raise NothingNew for a scheduled run without new data."""
    slices = find_slices(settings().slice_dirs, pipeline)
    params, run = context["params"], context["dag_run"]
    _refuse_future(slices)
    if wanted := params.get("window_end"):
        end = date.fromisoformat(wanted)
        _refuse_later_than_all(slices, end)
        _refuse_gap(slices, end)
        return window_ending(slices, end, params["window_slices"])
    latest = run.data_interval_end
    if run_type(context) in UNATTENDED:
        _refuse_idle(slices, run.data_interval_start, latest)
    return window_ending(slices, latest.date() if latest else None, params["window_slices"])


def _refuse_future(slices: Sequence[Slice]) -> None:
    """Refuse a future partition, which would be the holdout of every run."""
    today = datetime.now(UTC).date()
    if slices and slices[-1].first_day > today:
        raise ValueError(
            f"{slices[-1].path} has a future date; today is {today}. Rename it to the Monday of "
            "its week, or remove it."
        )


def _refuse_later_than_all(slices: Sequence[Slice], end: date) -> None:
    """Refuse an end after all data, which would silently move the window."""
    if slices and end > slices[-1].end:
        raise ValueError(
            f"window_end is {end}, but the newest partition ends at {slices[-1].end}. Choose that "
            "day or an earlier one, or copy newer partitions into the landing folder."
        )


def _refuse_gap(slices: Sequence[Slice], end: date) -> None:
    """Refuse an end after a missing week, which would silently move the window."""
    newest = max((piece.end for piece in slices if piece.end <= end), default=None)
    if newest and end - newest >= WEEK:
        raise ValueError(
            f"window_end is {end}, but the newest partition before it ends at {newest}: the week "
            f"in between is missing. Copy it into the landing folder, or choose {newest}."
        )


def _refuse_idle(slices: Sequence[Slice], start: datetime, end: datetime) -> None:
    """Skip a scheduled run without new data to learn from."""
    interval = f"between {start:%Y-%m-%d} and {end:%Y-%m-%d}"
    if not interval_has_slice(slices, start, end):
        raise NothingNew(
            f"No partition was completed {interval}, so there is no new data. "
            "Trigger the DAG by hand to train on the existing data."
        )
    if slices[0].end > start.date():
        raise NothingNew(
            f"The partition completed {interval} is the first one: it is the holdout, and there is "
            "none to train on."
        )


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
