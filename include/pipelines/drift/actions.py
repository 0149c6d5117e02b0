"""Decide the action after a window's verdicts: none, a retrain, a repair or an audit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from prodml.notifications.outbox import post
from prodml.results import Checked
from prodml.run_notes import leave
from prodml.vocabulary import DriftOutcome

from include.jobs.drift.documents import TRIGGERED
from include.pipelines.adapters.aws import read_text, write_text
from include.pipelines.contracts.drift import Conclusion, VersionVerdict, WindowVerdict
from include.pipelines.data.partitions import find_partitions, newer_than
from include.pipelines.data.runs import run_type
from include.pipelines.data.windows import shown
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.drift import history, notices
from include.pipelines.drift.figures import figures_of
from include.pipelines.evaluation.champion import find_champion

Context = Mapping[str, Any]
RULE = re.compile(r"(\d) of (\d)")
NAMED = 10  # columns that a sentence names
JUDGED = (DriftOutcome.OK, DriftOutcome.WARN, DriftOutcome.ALERT)
GRAVITY: tuple[str, ...] = (
    DriftOutcome.NO_DATA,
    DriftOutcome.INSUFFICIENT_DATA,
    DriftOutcome.OK,
    DriftOutcome.WARN,
    DriftOutcome.NOT_COMPARABLE,
    DriftOutcome.ALERT,
    DriftOutcome.FAILED,
)


class CheckFailed(ValueError):
    """Raised when a window could not be checked, after all other results are stored."""


def rule(text: str) -> tuple[int, int]:
    """Parse `2 of 3` to (2, 3)."""
    match = RULE.fullmatch(text)
    if not match or not 0 < int(match[1]) <= int(match[2]):
        raise ValueError(f"Invalid alerts_of_windows {text!r}. Write it like '2 of 3'.")
    return int(match[1]), int(match[2])


def conclude(
    pipeline: Pipeline, context: Context, checks: Sequence[Checked], qualities: Sequence[Checked]
) -> Conclusion:
    """
    Judge each endpoint by its version in service, and decide the action.

    *checks* has the check of that version first, then those of other versions that answered in the
    window: each is judged by its own baseline, and reported under ``others``. Returns the verdict
    on the endpoint that is worst off, with all of them under ``endpoints``. Raises CheckFailed,
    once all of them are kept, when a window could not be checked, or when an endpoint that was
    named serves no model.
    """
    verdicts = [
        _verdict(pipeline, context, versions) for versions in _by_endpoint(checks, qualities)
    ]
    leave(*map(sentence, verdicts))
    for verdict in verdicts:
        if event := notices.notice(pipeline, verdict):
            post(event)
    worst = max(verdicts, key=lambda v: (v["action"] == "retrain", GRAVITY.index(v["outcome"])))
    judged = [version for verdict in verdicts for version in (verdict, *verdict["others"])]
    if failed := [version for version in judged if version["outcome"] == DriftOutcome.FAILED]:
        raise CheckFailed(f"{failed[0]['endpoint']}: {failed[0]['reason']}")
    checked = {verdict["endpoint"] for verdict in verdicts}
    if idle := [name for name in context["params"]["endpoints"] if name not in checked]:
        raise CheckFailed(
            f"{idle} serve no model with a baseline, so they were not checked. Fix `endpoints`."
        )
    return {**worst, "endpoints": verdicts}


def sentence(verdict: WindowVerdict) -> str:
    """Return a verdict for the run's note: outcome, columns, what follows, and other versions."""
    action = verdict["action"].replace("_", " ")
    parts = [f"{verdict['endpoint']}: {_outcome(verdict)}. Action: {action}. {verdict['why']}"]
    return " ".join([*parts, *map(_other, verdict["others"])])


def _other(version: VersionVerdict) -> str:
    name = version_name(str(version["model_package_arn"]))
    return f"Version {name} served too: {_outcome(version)} ({version['rows']} rows)."


def _outcome(version: VersionVerdict) -> str:
    outcome, quality = str(version["outcome"]), version["model_quality"]
    if quality == DriftOutcome.ALERT or (outcome == DriftOutcome.NO_DATA and quality in JUDGED):
        outcome += f", model quality {quality}"
    moved = [
        *(version["columns"] or []),
        *version["joint_drift"],
        *version["worse_estimates"],
        *version["worse_metrics"],
    ]
    more = f" and {len(moved) - NAMED} more" if len(moved) > NAMED else ""
    return f"{outcome} in {', '.join(moved[:NAMED])}{more}" if moved else outcome


def version_name(arn: str) -> str:
    """Return group and number of a model version: `churn-3`."""
    return arn.partition("model-package/")[2].replace("/", "-") or arn


def _by_endpoint(
    checks: Sequence[Checked], qualities: Sequence[Checked]
) -> Iterator[list[VersionVerdict]]:
    """Yield each endpoint's versions with what is known of each, the one in service first."""
    for endpoint in dict.fromkeys(check["endpoint"] for check in checks):
        checked, measured = _of(endpoint, checks), _of(endpoint, qualities)
        # Labels come late: a version that is measured now may have answered long ago alone.
        former = {
            arn: _unseen(quality)
            for arn, quality in measured.items()
            if arn not in checked and quality["outcome"] in JUDGED
        }
        yield [_version(check, measured.get(arn)) for arn, check in (checked | former).items()]


def _of(endpoint: str | None, results: Sequence[Checked]) -> dict[str | None, Checked]:
    """Return the results about one endpoint by model version."""
    return {one["model_package_arn"]: one for one in results if one["endpoint"] == endpoint}


def _unseen(quality: Checked) -> Checked:
    """Return the check of a version that answered nothing in the window of the check."""
    missing = DriftOutcome.NO_DATA.value
    return {**quality, "outcome": missing, "rows": 0, "columns": [], "report": None}


def _version(check: Checked, quality: Checked | None) -> VersionVerdict:
    model_quality = quality["outcome"] if quality else None
    return {
        "endpoint": str(check["endpoint"]),
        "model_package_arn": check["model_package_arn"],
        "window_start": check["window"]["start"],
        "window_end": check["window"]["end"],
        "outcome": check["outcome"],
        "columns": check["columns"],
        "rows": check["rows"],
        "report": check["report"],
        "reason": check["reason"],
        "drift": check["drift"],
        "data_quality": check["data_quality"],
        "prediction_drift": check["prediction_drift"],
        "joint_drift": check["joint_drift"],
        "worse_estimates": check["worse_estimates"],
        "model_quality": model_quality,
        "worse_metrics": quality["columns"] if quality else [],
        "alerts": DriftOutcome.ALERT in (check["outcome"], model_quality),
    }


def _verdict(pipeline: Pipeline, context: Context, versions: list[VersionVerdict]) -> WindowVerdict:
    serving, *others = versions
    answered = [
        version
        for version in others
        if version["outcome"] != DriftOutcome.NO_DATA or version["model_quality"] in JUDGED
    ]
    action, why = _signal(pipeline, context, serving)
    verdict: WindowVerdict = {**serving, "others": answered, "action": action, "why": why}
    history.remember(pipeline, {**verdict, **figures_of(verdict["report"])})
    follows = f"Triggered: {verdict['action'].replace('_', ' ')}. {verdict['why']}"
    _write_into(verdict["report"], " ".join([follows, *map(_other, verdict["others"])]))
    for version in verdict["others"]:
        name = version_name(str(verdict["model_package_arn"]))
        _write_into(version["report"], f"Triggered: none. Version {name} is in service.")
    return verdict


def _signal(pipeline: Pipeline, context: Context, verdict: VersionVerdict) -> tuple[str, str]:
    """Return none, repair, wait, report, fix_data_quality, audit or retrain, with the reason."""
    if verdict["outcome"] == DriftOutcome.FAILED:
        return "repair", f"The window could not be checked: {verdict['reason']}"
    if not verdict["alerts"]:
        more = f" {verdict['reason']}" if verdict["reason"] else ""
        return "none", f"The window is {verdict['outcome']}.{more}"
    needed, of = rule(context["params"]["alerts_of_windows"])
    end = datetime.fromisoformat(verdict["window_end"])
    past = history.before(pipeline, verdict["endpoint"], end, of - 1)
    mine = verdict["model_package_arn"]
    alerts = 1 + sum(w["alerts"] and w["model_package_arn"] == mine for w in past)
    if alerts < needed:
        return "wait", f"{alerts} of the last {of} windows alert, not {needed}."
    if run_type(context) == "backfill":
        return "report", "A backfilled check starts nothing."
    if verdict["data_quality"] == DriftOutcome.ALERT:
        named = ", ".join(verdict["columns"] or verdict["prediction_drift"] or [])
        return "fix_data_quality", f"Fix {named} upstream: a retrain would learn the error."
    return _retrain_or_audit(pipeline, context, verdict)


def _retrain_or_audit(
    pipeline: Pipeline, context: Context, verdict: VersionVerdict
) -> tuple[str, str]:
    champion = find_champion(verdict["endpoint"])
    if champion is None or champion.arn != verdict["model_package_arn"]:
        return "none", "Another model serves by now, which is checked in its own windows."
    if champion.window_end is None:
        return "audit", "The model's training window is unknown: have the named columns audited."
    newer = newer_than(find_partitions(pipeline), champion.window_end, datetime.now(UTC))
    if not newer:
        return "audit", _why_audit(champion.window_end)
    if started := _started(pipeline, context, verdict):
        return "wait", f"The alert of the window until {started} has already started a retrain."
    return "retrain", f"{len(newer)} labelled partitions are newer than the model's window."


def _why_audit(window_end: datetime) -> str:
    return (
        f"No labelled rows after {shown(window_end)}, the end of the model's window: a "
        "retrain would learn nothing new. Have the named columns audited upstream."
    )


def _started(pipeline: Pipeline, context: Context, verdict: VersionVerdict) -> str | None:
    """Return the end of a window within the cooldown that started a retrain, or None."""
    end = datetime.fromisoformat(verdict["window_end"])
    since = end - timedelta(hours=context["params"]["cooldown_hours"])
    for window in history.before(pipeline, verdict["endpoint"], end, history.SHOWN):
        recent = datetime.fromisoformat(window["window_end"]) > since
        mine = window["model_package_arn"] == verdict["model_package_arn"]
        if recent and mine and window["action"] == "retrain":
            return str(window["window_end"])
    return None


def _write_into(report: str | None, follows: str) -> None:
    """Write the action into a report."""
    if report:
        uri = f"{report}report.html"
        write_text(uri, read_text(uri).replace(TRIGGERED, follows))
