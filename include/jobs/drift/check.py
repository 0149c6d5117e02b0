"""One check: its verdict on what was observed, and everything that is written about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .baseline import Baseline
from .capture import Window
from .constraints import WARN, from_json, suggest
from .distance import detectable
from .documents import Json
from .observation import Observed, Question
from .texts import unjudged
from .verdicts import DRIFT, ENOUGH, QUALITY, Status, Verdict, compare
from .violations import violations

NOT_COMPARABLE = "NOT_COMPARABLE"  # most of the data are of another contract
CONCLUSIVE = ("OK", "WARN", "ALERT")


@dataclass
class Result:
    """The verdicts on features and predictions, and the documents that say them."""

    outcome: str
    features: list[Verdict]
    predictions: list[Verdict]
    report: Json
    violations: Json


def judge(question: Question, seen: Observed) -> Result:
    baseline = question.baseline
    features = compare(baseline.features, seen.features.settled(), baseline.constraints)
    predictions = _judge_predictions(baseline, seen)
    outcome = _outcome(seen, [*features, *predictions])
    report = _report(question, seen, outcome, features, predictions)
    broken: Json = {"violations": []}
    if outcome in CONCLUSIVE:
        broken = violations(baseline.features, seen.features, baseline.constraints)
    return Result(outcome, features, predictions, report, broken)


def _judge_predictions(baseline: Baseline, seen: Observed) -> list[Verdict]:
    if not baseline.predictions or seen.predictions.rows < ENOUGH:
        return []
    expected = from_json(suggest(baseline.predictions))
    return compare(baseline.predictions, seen.predictions.settled(), expected)


def _outcome(seen: Observed, verdicts: list[Verdict]) -> str:
    """The worst column decides; without enough rows there is no verdict to give."""
    rows = seen.features.rows
    if seen.foreign.prevails:
        return NOT_COMPARABLE
    if rows == 0:
        return "NO_DATA"
    if rows < ENOUGH:
        return "INSUFFICIENT_DATA"
    return max((verdict.status for verdict in verdicts), default=Status.OK).name


def _report(
    question: Question,
    seen: Observed,
    outcome: str,
    features: list[Verdict],
    answers: list[Verdict],
) -> Json:
    conclusive = outcome in CONCLUSIVE
    rows, others = seen.features.rows, question.baseline.features.rows
    return {
        "outcome": outcome,
        **({"reason": seen.foreign.sentence} if outcome == NOT_COMPARABLE else {}),
        "drift": _worst([*features, *answers], DRIFT) if conclusive else None,
        "data_quality": _worst([*features, *answers], QUALITY) if conclusive else None,
        "columns": _named(features, Status.ALERT) if conclusive else [],
        "warned": _named(features, Status.WARN) if conclusive else [],
        "prediction_drift": _named(answers, Status.ALERT) if conclusive else [],
        "rows": rows,
        "answers": seen.predictions.rows,
        "model": question.model,
        "window": {
            "start": _iso(question.window.start),
            "end": _iso(question.window.end),
        },
        "baseline": question.baseline.name,
        "baseline_rows": others,
        "baseline_kind": question.baseline.kind,
        "detectable_distance": detectable(
            WARN, seen.features.rows, question.baseline.features.rows
        ),
        "notes": [*seen.notes, *unjudged(question.baseline.features, seen.features)],
        "features": [_feature(verdict, conclusive, outcome) for verdict in features],
        "predictions": [_feature(verdict, conclusive, outcome) for verdict in answers],
    }


def _feature(verdict: Verdict, conclusive: bool, outcome: str) -> Json:
    return verdict.to_json() | ({} if conclusive else {"status": outcome})


def _worst(verdicts: list[Verdict], kind: str) -> str:
    return max((verdict.worst(kind) for verdict in verdicts), default=Status.OK).name


def _named(verdicts: list[Verdict], status: Status) -> list[str]:
    return [verdict.name for verdict in verdicts if verdict.status == status]


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def failed(question_window: Window, reason: str, model: str | None = None) -> Json:
    """Return the report of a failed check."""
    return {
        "outcome": "FAILED",
        "reason": reason,
        "drift": None,
        "data_quality": None,
        "columns": [],
        "warned": [],
        "prediction_drift": [],
        "rows": 0,
        "answers": 0,
        "model": model,
        "window": {"start": _iso(question_window.start), "end": _iso(question_window.end)},
        "baseline": None,
        "baseline_rows": None,
        "baseline_kind": None,
        "detectable_distance": None,
        "notes": [],
        "features": [],
        "predictions": [],
    }
