"""The description of a job that fails outside of its phases."""

from __future__ import annotations

from ...core.store import Doc
from . import rule_statuses

NOUNS = {
    "training-job": "TrainingJob",
    "processing-job": "ProcessingJob",
    "transform-job": "TransformJob",
    "hyper-parameter-tuning-job": "HyperParameterTuningJob",
    "automl-job": "AutoMLJob",
}
ENDS = {"automl-job": "EndTime"}  # the member with the time of the end, where AWS names it so
REASON = 1024  # characters of a FailureReason


def failed(kind: str, doc: Doc, reason: str, now: float) -> Doc:
    """Return the members of *doc*, a job of *kind*, that change if it fails *now*."""
    noun = NOUNS[kind]
    changes: Doc = {
        f"{noun}Status": "Failed",
        "FailureReason": reason[:REASON],
        ENDS.get(kind, f"{noun.removesuffix('Job')}EndTime"): now,
    }
    if kind == "automl-job":
        changes["AutoMLJobSecondaryStatus"] = "Failed"
    if kind == "training-job":
        transitions = [dict(entry) for entry in doc.get("SecondaryStatusTransitions", [])]
        for entry in transitions[-1:]:
            entry.setdefault("EndTime", now)
        last = {"Status": "Failed", "StartTime": now, "EndTime": now, "StatusMessage": reason}
        changes["SecondaryStatus"] = "Failed"
        changes["SecondaryStatusTransitions"] = [*transitions, last]
        changes |= rule_statuses.settled(
            doc, RuleEvaluationStatus="Error", StatusDetails=reason, LastModifiedTime=now
        )
    return changes
