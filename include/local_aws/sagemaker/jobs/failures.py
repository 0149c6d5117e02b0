"""The description of a job that fails outside of its phases."""

from __future__ import annotations

from ...core.store import Doc

NOUNS = {
    "training-job": "TrainingJob",
    "processing-job": "ProcessingJob",
    "transform-job": "TransformJob",
    "hyper-parameter-tuning-job": "HyperParameterTuningJob",
    "automl-job": "AutoMLJob",
}
ENDS = {"automl-job": "EndTime"}  # the member with the time of the end, where AWS names it so
RULE_STATUSES = ("DebugRuleEvaluationStatuses", "ProfilerRuleEvaluationStatuses")
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
        changes |= _rules(doc, reason, now)
    return changes


def _rules(doc: Doc, reason: str, now: float) -> Doc:
    """End the rules that were still being evaluated; the others keep what they found."""
    change = {"RuleEvaluationStatus": "Error", "StatusDetails": reason, "LastModifiedTime": now}
    return {
        member: [
            status | change if status["RuleEvaluationStatus"] == "InProgress" else status
            for status in doc[member]
        ]
        for member in RULE_STATUSES
        if member in doc
    }
