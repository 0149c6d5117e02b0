"""From a window's verdicts to the right signal: nothing, a retrain, or somebody's attention."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from prodml.run_notes import leave
from prodml.vocabulary import Json

from include.jobs.drift.documents import TRIGGERED
from include.pipelines.adapters.aws import read_text, write_text
from include.pipelines.data.runs import run_type
from include.pipelines.data.slices import find_slices, newer_than
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.drift import history
from include.pipelines.evaluation.champion import find_champion
from include.settings import settings

Context = Mapping[str, Any]
RULE = re.compile(r"(\d) of (\d)")
NAMED = 10  # columns that a sentence names
GRAVITY = ("NO_DATA", "INSUFFICIENT_DATA", "OK", "WARN", "ALERT", "FAILED")
FACTS = (
    *("outcome", "columns", "rows", "report", "reason", "endpoint", "model_package_arn"),
    *("drift", "data_quality", "prediction_drift"),
)


class CheckFailed(ValueError):
    """Raised when a window could not be checked, once everything else about it is kept."""


def rule(text: str) -> tuple[int, int]:
    """`2 of 3` -> (2, 3)."""
    found = RULE.fullmatch(text)
    if not found or not 0 < int(found[1]) <= int(found[2]):
        raise ValueError(f"alerts_of_windows is {text!r}; write it as '2 of 3'.")
    return int(found[1]), int(found[2])


def conclude(
    pipeline: Pipeline, context: Context, checks: Sequence[Json], qualities: Sequence[Json]
) -> Json:
    """
    Each endpoint's verdict, the rule over its last windows, and what follows from both.

    The verdict on the endpoint that is worst off, with all of them under ``endpoints``. Raises
    CheckFailed, once all of them are kept, when a window could not be checked, or when an endpoint
    that was named serves no model.
    """
    measured = {quality["endpoint"]: quality for quality in qualities}
    verdicts = [
        _verdict(pipeline, context, check, measured.get(check["endpoint"])) for check in checks
    ]
    leave(*map(sentence, verdicts))
    worst = max(verdicts, key=lambda v: (v["action"] == "retrain", GRAVITY.index(v["outcome"])))
    if failed := [v for v in verdicts if v["outcome"] == "FAILED"]:
        raise CheckFailed(f"{failed[0]['endpoint']}: {failed[0]['reason']}")
    checked = {verdict["endpoint"] for verdict in verdicts}
    if idle := [name for name in context["params"]["endpoints"] if name not in checked]:
        raise CheckFailed(
            f"{idle} serve no model that names a baseline, so nothing of theirs was checked. "
            "Correct `endpoints`."
        )
    return {**worst, "endpoints": verdicts}


def sentence(verdict: Json) -> str:
    """Return a verdict for the run's note: the outcome, the columns, and what follows."""
    outcome = str(verdict["outcome"])
    if verdict["model_quality"] == "ALERT":
        outcome += ", model quality ALERT"
    moved = [*(verdict["columns"] or []), *verdict["worse_metrics"]]
    more = f" and {len(moved) - NAMED} more" if len(moved) > NAMED else ""
    named = f" in {', '.join(moved[:NAMED])}{more}" if moved else ""
    action = verdict["action"].replace("_", " ")
    return f"{verdict['endpoint']}: {outcome}{named}. Action: {action}. {verdict['why']}"


def _verdict(pipeline: Pipeline, context: Context, check: Json, quality: Json | None) -> Json:
    verdict: Json = {key: check.get(key) for key in FACTS}
    verdict["window_start"], verdict["window_end"] = check["window"].values()
    verdict["model_quality"] = quality["outcome"] if quality else None
    verdict["worse_metrics"] = quality["columns"] if quality else []
    verdict["alerts"] = "ALERT" in (verdict["outcome"], verdict["model_quality"])
    verdict["action"], verdict["why"] = _signal(pipeline, context, verdict)
    distances = _distances(verdict["report"])
    history.remember(pipeline, verdict | {"distances": distances})
    _tell(verdict)
    return verdict


def _signal(pipeline: Pipeline, context: Context, verdict: Json) -> tuple[str, str]:
    """none, repair, wait, report, fix_data_quality, audit or retrain; each with its sentence."""
    if verdict["outcome"] == "FAILED":
        return "repair", f"The window could not be checked: {verdict['reason']}"
    if not verdict["alerts"]:
        return "none", f"The window is {verdict['outcome']}."
    needed, of = rule(context["params"]["alerts_of_windows"])
    end = datetime.fromisoformat(verdict["window_end"])
    past = history.before(pipeline, verdict["endpoint"], end, of - 1)
    mine = verdict["model_package_arn"]
    alerts = 1 + sum(w["alerts"] and w["model_package_arn"] == mine for w in past)
    if alerts < needed:
        return "wait", f"{alerts} of the last {of} windows alert, not {needed}."
    if run_type(context) == "backfill":
        return "report", "A backfilled check starts nothing."
    if verdict["data_quality"] == "ALERT":
        named = ", ".join(verdict["columns"])
        return "fix_data_quality", f"Mend {named} upstream: a retrain would learn the fault."
    return _retrain_or_audit(pipeline, context, verdict)


def _retrain_or_audit(pipeline: Pipeline, context: Context, verdict: Json) -> tuple[str, str]:
    champion = find_champion(verdict["endpoint"])
    if champion is None or champion.arn != verdict["model_package_arn"]:
        return "none", "Another model serves by now: its own windows will tell."
    if champion.window_end is None:
        return "audit", "Nobody knows which rows the model has learned from: have columns audited."
    newer = newer_than(find_slices(settings().slice_dirs, pipeline.name), champion.window_end)
    if not newer:
        return "audit", _why_audit(champion.window_end)
    if started := _started(pipeline, context, verdict):
        return "wait", f"The alert of the window until {started} has started a retrain already."
    return "retrain", f"{len(newer)} labelled slices are newer than the model's window."


def _why_audit(window_end: date) -> str:
    return (
        f"No labelled rows after {window_end}, where the model's window ends: a "
        "retrain would learn nothing new. Have the named columns audited upstream."
    )


def _started(pipeline: Pipeline, context: Context, verdict: Json) -> str | None:
    """The end of the window within the cooldown that has started a retrain for this model."""
    end = datetime.fromisoformat(verdict["window_end"])
    since = end - timedelta(hours=context["params"]["cooldown_hours"])
    for window in history.before(pipeline, verdict["endpoint"], end, history.SHOWN):
        recent = datetime.fromisoformat(window["window_end"]) > since
        mine = window["model_package_arn"] == verdict["model_package_arn"]
        if recent and mine and window["action"] == "retrain":
            return str(window["window_end"])
    return None


def _distances(report: str | None) -> Json:
    """How far every column had moved: what the next reports draw as a trend."""
    if not report:
        return {}
    import json

    found = json.loads(read_text(f"{report}drift_report.json"))
    return {row["name"]: row["distance"] for row in [*found["features"], *found["predictions"]]}


def _tell(verdict: Json) -> None:
    """Into the report, what it has triggered."""
    if verdict["report"]:
        uri = f"{verdict['report']}report.html"
        sentence = f"Triggered: {verdict['action'].replace('_', ' ')}. {verdict['why']}"
        write_text(uri, read_text(uri).replace(TRIGGERED, sentence))
