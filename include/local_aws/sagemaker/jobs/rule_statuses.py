"""The statuses of Debugger's rules in the description of a training job."""

from __future__ import annotations

from typing import Any

from ...core.store import Doc

DEBUG, PROFILER = "DebugRuleEvaluationStatuses", "ProfilerRuleEvaluationStatuses"


def settled(doc: Doc, **changes: Any) -> Doc:
    """Return the statuses of a job's rules, with *changes* to those still in progress."""
    return {
        member: [
            status | changes if status["RuleEvaluationStatus"] == "InProgress" else status
            for status in doc[member]
        ]
        for member in (DEBUG, PROFILER)
        if member in doc
    }
