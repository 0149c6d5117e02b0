"""Decide which verdicts of a drift check people are notified of."""

from __future__ import annotations

from datetime import datetime

from prodml.notifications.endpoint_events import AuditRequested, DriftAlert
from prodml.notifications.version_events import version_name

from include.pipelines.contracts.drift import WindowVerdict
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.drift import history

SENT = ("retrain", "fix_data_quality", "audit")  # the other actions wait, or start nothing


def notice(pipeline: Pipeline, verdict: WindowVerdict) -> DriftAlert | None:
    """Return the event about *verdict*; None if it starts nothing or repeats the last window's."""
    if verdict["action"] not in SENT or _repeats(pipeline, verdict):
        return None
    version = version_name(str(verdict["model_package_arn"]))
    subject = f"endpoint {verdict['endpoint']} ({version})"
    columns, reason = _columns(verdict), verdict["why"]
    if verdict["action"] == "audit":
        return AuditRequested(subject=subject, columns=columns, reason=reason)
    return DriftAlert(subject=subject, columns=columns, action=verdict["action"], reason=reason)


def _repeats(pipeline: Pipeline, verdict: WindowVerdict) -> bool:
    end = datetime.fromisoformat(verdict["window_end"])
    return any(
        _facts(window) == _facts(verdict)
        for window in history.before(pipeline, verdict["endpoint"], end, 1)
    )


def _facts(verdict: WindowVerdict) -> tuple[str, str | None, list[str]]:
    return verdict["action"], verdict["model_package_arn"], sorted(_columns(verdict))


def _columns(verdict: WindowVerdict) -> list[str]:
    return [
        *verdict["columns"],
        *verdict["prediction_drift"],
        *verdict["joint_drift"],
        *verdict["worse_estimates"],
        *verdict["worse_metrics"],
    ]
