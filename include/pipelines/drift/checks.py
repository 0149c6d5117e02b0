"""Plan drift checks: the traffic of each version, its baseline and its history."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from prodml.aws.s3 import split
from prodml.run_notes import leave
from prodml.vocabulary import DriftOutcome

from include.jobs.drift.documents import SAMPLE
from include.pipelines.adapters.aws import client, held, write_json
from include.pipelines.contracts.drift import DriftQuestion, KeptWindow, QualityQuestion, Traffic
from include.pipelines.data.runs import check_window, run_prefix, run_type
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.drift import history
from include.pipelines.drift.actions import rule, version_name
from include.pipelines.drift.attribution import Version, Window, find_versions
from include.pipelines.errors import NothingNew
from include.pipelines.evaluation.champion import Champion, find_champion
from include.settings import settings

log = logging.getLogger(__name__)
Context = Mapping[str, Any]
TRAINING, ROLLING, SAME_HOUR = "training", "rolling", "same_hour_of_week"
LAST = 24  # windows of a rolling baseline
WEEKS = 8  # of the same hour of the week
FEWEST = 3  # fewest earlier windows that make a baseline
GAPS = 3  # windows without data that are checked again with the next one
REACH = timedelta(hours=3)  # the longest time that they go back
CALM = (DriftOutcome.OK, DriftOutcome.WARN)
PROFILES = ("statistics.json", "predictions.json", SAMPLE)
OF_TRAINING = ("constraints.json", "contract.json")


def capture_arrives(dag_run: Any, params: Mapping[str, Any]) -> str:
    """Return the time when the window's capture has arrived in S3: a set lag after its end."""
    end = dag_run.data_interval_end
    if end is None or params.get("window_end"):
        return datetime.now(UTC).isoformat()
    return str((end + timedelta(minutes=settings().capture_lag_minutes)).isoformat())


def plan(pipeline: Pipeline, context: Context) -> list[DriftQuestion]:
    """Return the operator's arguments for each endpoint and version that answered in the window.

    The first check of an endpoint is that of the version in service.
    """
    _skip_uncaptured(pipeline)
    window = check_window(context)
    rule(context["params"]["alerts_of_windows"])
    past = cache(lambda name: history.before(pipeline, name, window[1], history.SHOWN))
    versions = _versions(pipeline, context, lambda name: _with_gaps(context, window, past(name)))
    histories = {
        endpoint: _history(pipeline, context, endpoint, past(endpoint))
        for endpoint in dict.fromkeys(endpoint for endpoint, _, _ in versions)
    }
    return [
        {
            **_question(context, pipeline, endpoint, version, whole, "drift"),
            "baseline_uri": _baseline(pipeline, context, endpoint, version.model, whole),
            "calibration_uri": held(version.model.calibration),
            "history_uri": histories[endpoint],
        }
        for endpoint, version, whole in versions
    ]


def _skip_uncaptured(pipeline: Pipeline) -> None:
    """Skip the checks of a pipeline whose serving kind has no data capture."""
    if pipeline.capture is None:
        raise NothingNew(
            f"{pipeline.name} is {pipeline.kind}, and AWS captures no traffic of it: there is "
            "nothing to check."
        )


def _with_gaps(context: Context, window: Window, past: Sequence[KeptWindow]) -> Window:
    """Return a scheduled run's window with the empty ones before it, whose captures may be late."""
    start, end = window
    if run_type(context) != "scheduled":
        return window
    for earlier in reversed(past[-GAPS:]):
        ended = datetime.fromisoformat(earlier["window_end"])
        if earlier["outcome"] != DriftOutcome.NO_DATA or ended != start:
            break
        start = max(datetime.fromisoformat(earlier["window_start"]), window[0] - REACH)
    return start, end


def plan_quality(pipeline: Pipeline, context: Context) -> list[QualityQuestion]:
    """Return the same for the window that is old enough for its labels to have arrived."""
    _skip_uncaptured(pipeline)
    delay = timedelta(hours=context["params"]["label_delay_hours"])
    start, end = check_window(context)
    window = start - delay, end - delay
    return [
        {
            **_question(context, pipeline, endpoint, version, window, "quality"),
            "holdout_labels_uri": held(version.model.holdout_labels),
        }
        for endpoint, version, _ in _versions(pipeline, context, lambda _: window)
    ]


def _question(
    context: Context,
    pipeline: Pipeline,
    endpoint: str,
    version: Version,
    window: Window,
    folder: str,
) -> Traffic:
    arn = str(version.model.arn)
    report = f"{folder}/{endpoint}/{version_name(arn)}"
    return {
        "endpoint": endpoint,
        "captures": version.captures,
        "window_start": window[0].isoformat(),
        "window_end": window[1].isoformat(),
        "output_uri": f"{run_prefix(context, pipeline.name)}/{report}/",
        "model_package_arn": arn,
        "predictions_uri": held(version.model.holdout_scores),
    }


def _versions(
    pipeline: Pipeline, context: Context, window_of: Callable[[str], Window]
) -> list[tuple[str, Version, Window]]:
    """Return the versions that answered in the window of each endpoint, with that window."""
    versions, unjudged = [], []
    for endpoint, champion in _champions(pipeline, context):
        window = window_of(endpoint)
        answered, left = find_versions(pipeline, endpoint, champion, window)
        versions += [(endpoint, version, window) for version in answered]
        unjudged += left
    for sentence in unjudged:
        log.warning("%s", sentence)
    if unjudged:
        leave(*unjudged)
    return versions


def _champions(pipeline: Pipeline, context: Context) -> list[tuple[str, Champion]]:
    endpoints = context["params"]["endpoints"] or [pipeline.endpoint]
    candidates = [(endpoint, find_champion(endpoint)) for endpoint in endpoints]
    known = [
        (endpoint, champion) for endpoint, champion in candidates if champion and champion.baseline
    ]
    if not known:
        raise NothingNew(
            f"No model with a baseline serves on {endpoints}, so there is nothing to compare the "
            f"traffic with. Run retrain_{pipeline.name}."
        )
    return known


def _history(
    pipeline: Pipeline, context: Context, endpoint: str, past: Sequence[KeptWindow]
) -> str | None:
    """Write the last windows into one file, for the report's trend."""
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
    window: Window,
) -> str | None:
    """Return the training baseline, or earlier windows of the same model in one folder."""
    kind = context["params"]["baseline"]
    if kind == TRAINING:
        return champion.baseline
    start, end = window
    if kind == ROLLING:
        past = history.before(pipeline, endpoint, end, LAST)
    else:
        ends = [end - timedelta(weeks=week) for week in range(1, WEEKS + 1)]
        past = history.ending_at(pipeline, endpoint, ends)
    usable = [w["report"] for w in past if w["report"] and _usable(w, champion, start)]
    if len(usable) < FEWEST:
        return champion.baseline
    name = version_name(str(champion.arn))
    folder = f"{run_prefix(context, pipeline.name)}/baseline/{endpoint}/{name}/"
    _gather(usable, champion, folder)
    return folder


def _usable(window: KeptWindow, champion: Champion, start: datetime) -> bool:
    """Return whether a window did not alert, has the same model, and ended before the start."""
    return (
        window["outcome"] in CALM
        and window["model_package_arn"] == champion.arn
        and datetime.fromisoformat(window["window_end"]) <= start
    )


def _gather(reports: Sequence[str], champion: Champion, folder: str) -> None:
    """Copy the windows' sketches into one folder, with what the training data state."""
    for number, report in enumerate(reports):
        for name in PROFILES:
            _copy(f"{report}{name}", f"{folder}{number:02d}/{name}")
    for name in OF_TRAINING:
        _copy(f"{champion.baseline}{name}", f"{folder}{name}")


def _copy(source: str, target: str) -> None:
    if not held(source):
        return
    bucket, key = split(source)
    to_bucket, to_key = split(target)
    origin = {"Bucket": bucket, "Key": key}
    client("s3").copy_object(CopySource=origin, Bucket=to_bucket, Key=to_key)
