"""What a drift check looks at: which traffic, against which baseline, with which past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from prodml.aws.s3 import split
from prodml.vocabulary import Json

from include.pipelines.adapters.aws import client, held, write_json
from include.pipelines.data.runs import check_window, run_prefix
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.drift import history
from include.pipelines.drift.actions import rule
from include.pipelines.errors import NothingNew
from include.pipelines.evaluation.champion import Champion, find_champion
from include.settings import settings

Context = Mapping[str, Any]
TRAINING, ROLLING, SAME_HOUR = "training", "rolling", "same_hour_of_week"
BASELINES = (TRAINING, ROLLING, SAME_HOUR)
LAST = 24  # windows of a rolling baseline
WEEKS = 8  # of the same hour of the week
FEWEST = 3  # windows below which earlier ones are no baseline
PROFILES = ("statistics.json", "predictions.json")


def capture_arrives(dag_run: Any, params: Mapping[str, Any]) -> str:
    """When the window's capture is sure to be in S3: a stated lag after the window's end."""
    end = dag_run.data_interval_end
    if end is None or params.get("window_end"):
        return datetime.now(UTC).isoformat()
    return str((end + timedelta(minutes=settings().capture_lag_minutes)).isoformat())


def plan(pipeline: Pipeline, context: Context) -> list[Json]:
    """One drift check per endpoint that has a model, as the operator's arguments."""
    window = check_window(context)
    rule(context["params"]["alerts_of_windows"])
    return [
        {
            **_question(pipeline, context, endpoint, champion, window),
            "baseline_uri": _baseline(pipeline, context, endpoint, champion, window),
            "history_uri": _history(pipeline, context, endpoint, window),
            "predictions_uri": held(champion.holdout_scores),
        }
        for endpoint, champion in _champions(pipeline, context)
    ]


def plan_quality(pipeline: Pipeline, context: Context) -> list[Json]:
    """One look at the labels per endpoint: of the window that is old enough to have them."""
    delay = timedelta(hours=context["params"]["label_delay_hours"])
    start, end = (moment - delay for moment in check_window(context))
    return [
        {
            **_question(pipeline, context, endpoint, champion, (start, end), "quality"),
            "predictions_uri": held(champion.holdout_scores),
            "holdout_labels_uri": held(champion.holdout_labels),
        }
        for endpoint, champion in _champions(pipeline, context)
    ]


def _question(
    pipeline: Pipeline,
    context: Context,
    endpoint: str,
    champion: Champion,
    window: tuple[datetime, datetime],
    folder: str = "drift",
) -> Json:
    return {
        "endpoint": endpoint,
        "window_start": _served_from(champion, window).isoformat(),
        "window_end": window[1].isoformat(),
        "output_uri": f"{run_prefix(context, pipeline.name)}/{folder}/{endpoint}/",
        "model_package_arn": champion.arn,
    }


def _served_from(champion: Champion, window: tuple[datetime, datetime]) -> datetime:
    """Return the start of the window's part that the model can have answered."""
    start, end = window
    return champion.since if champion.since and start < champion.since < end else start


def _champions(pipeline: Pipeline, context: Context) -> list[tuple[str, Champion]]:
    endpoints = context["params"]["endpoints"] or [pipeline.endpoint]
    found = [(endpoint, find_champion(endpoint)) for endpoint in endpoints]
    known = [(endpoint, champion) for endpoint, champion in found if champion and champion.baseline]
    if not known:
        raise NothingNew(
            f"No model whose version names a baseline is in production behind {endpoints}, so "
            f"there is nothing to compare traffic with. Run retrain_{pipeline.name}."
        )
    return known


def _history(
    pipeline: Pipeline, context: Context, endpoint: str, window: tuple[datetime, datetime]
) -> str | None:
    """The last windows in one file, for the report's trend."""
    past = history.before(pipeline, endpoint, window[1], history.SHOWN)
    if not past:
        return None
    folder = f"{run_prefix(context, pipeline.name)}/history/{endpoint}/"
    write_json(f"{folder}history.json", past)
    return folder


def _baseline(
    pipeline: Pipeline,
    context: Context,
    endpoint: str,
    champion: Champion,
    window: tuple[datetime, datetime],
) -> str | None:
    """The training data's, or earlier windows' of the same model, copied into one folder."""
    kind = context["params"]["baseline"]
    if kind == TRAINING:
        return champion.baseline
    start, end = window
    if kind == ROLLING:
        past = history.before(pipeline, endpoint, end, LAST)
    else:
        ends = [end - timedelta(weeks=week) for week in range(1, WEEKS + 1)]
        past = history.ending_at(pipeline, endpoint, ends)
    usable = [w for w in past if _usable(w, champion, start)]
    if len(usable) < FEWEST:
        return champion.baseline
    folder = f"{run_prefix(context, pipeline.name)}/baseline/{endpoint}/"
    _gather([window["report"] for window in usable], champion, folder)
    return folder


def _usable(window: Json, champion: Champion, start: datetime) -> bool:
    """Calm, of the model that serves now, and over before the checked window begins."""
    return (
        window["outcome"] in ("OK", "WARN")
        and window["model_package_arn"] == champion.arn
        and bool(window["report"])
        and datetime.fromisoformat(window["window_end"]) <= start
    )


def _gather(reports: Sequence[str], champion: Champion, folder: str) -> None:
    """The windows' sketches side by side, under the constraints of the training data."""
    for number, report in enumerate(reports):
        for name in PROFILES:
            _copy(f"{report}{name}", f"{folder}{number:02d}/{name}")
    _copy(f"{champion.baseline}constraints.json", f"{folder}constraints.json")


def _copy(source: str, target: str) -> None:
    if not held(source):
        return
    bucket, key = split(source)
    to_bucket, to_key = split(target)
    origin = {"Bucket": bucket, "Key": key}
    client("s3").copy_object(CopySource=origin, Bucket=to_bucket, Key=to_key)
