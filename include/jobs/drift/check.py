"""One check: its verdict on what was observed, and everything that is written about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .baseline import Baseline
from .calibration import Calibration
from .capture import Window
from .constraints import WARN, from_json, suggest
from .distance import detectable
from .documents import Json
from .estimates import LIMITS as ESTIMATE
from .estimates import Estimated, alerting, estimate
from .findings import DRIFT, ENOUGH, QUALITY, Status
from .joint import LIMITS as JOINT
from .joint import Joint, Limits, judge_joint, pairs_named
from .observation import Observed, Question
from .texts import unjudged
from .verdicts import Verdict, compare
from .violations import violations

INSUFFICIENT_DATA = "INSUFFICIENT_DATA"  # too few rows for a verdict
NOT_COMPARABLE = "NOT_COMPARABLE"  # most of the data are of another contract
CONCLUSIVE = ("OK", "WARN", "ALERT")


@dataclass(frozen=True)
class Rules:
    """The limits of what is judged beyond the columns.

    *calibration* and *score* are those of the model that answered; without a calibration, no score
    is estimated.
    """

    joint: Limits = JOINT
    estimate: Limits = ESTIMATE
    calibration: Calibration | None = None
    score: str | None = None


@dataclass
class Result:
    """The verdicts of a check, and the documents that say them."""

    outcome: str
    features: list[Verdict]
    predictions: list[Verdict]
    joint: Joint
    estimated: Estimated | None
    report: Json
    violations: Json


def judge(question: Question, seen: Observed, rules: Rules = Rules()) -> Result:
    baseline = question.baseline
    features = compare(baseline.features, seen.features.settled(), baseline.constraints)
    predictions = _judge_predictions(baseline, seen)
    profiles = baseline.features, seen.features
    joint = judge_joint(baseline.sample, seen.sample, profiles, rules.joint)
    estimated = estimate(seen.answers, rules.calibration, rules.score, rules.estimate)
    statuses = [verdict.status for verdict in (*features, *predictions)]
    whole = [joint.status, *([estimated.status] if estimated else [])]
    too_few = _too_few(seen.features.rows, baseline.features.rows)
    outcome = _outcome(seen, too_few, [*statuses, *whole])
    result = Result(outcome, features, predictions, joint, estimated, {}, {"violations": []})
    result.report = _report(question, seen, result)
    if outcome in CONCLUSIVE:
        result.violations = violations(baseline.features, seen.features, baseline.constraints)
    return result


def _judge_predictions(baseline: Baseline, seen: Observed) -> list[Verdict]:
    if not baseline.predictions:
        return []
    if min(baseline.predictions.rows, seen.predictions.rows) < ENOUGH:
        return []
    expected = from_json(suggest(baseline.predictions))
    return compare(baseline.predictions, seen.predictions.settled(), expected)


def _too_few(rows: int, others: int) -> str | None:
    """Return why there is no verdict; None where window and baseline have enough rows."""
    few, name = min((rows, "window"), (others, "baseline"))
    if few >= ENOUGH:
        return None
    return f"The {name} has {few} rows, and a check takes {ENOUGH} or more."


def _outcome(seen: Observed, too_few: str | None, statuses: list[Status]) -> str:
    """The worst verdict decides; without enough rows there is no verdict to give."""
    if seen.foreign.prevails:
        return NOT_COMPARABLE
    if seen.features.rows == 0:
        return "NO_DATA"
    if too_few:
        return INSUFFICIENT_DATA
    return max(statuses, default=Status.OK).name


def _reason(seen: Observed, outcome: str, others: int) -> Json:
    reasons = {
        NOT_COMPARABLE: seen.foreign.sentence,
        INSUFFICIENT_DATA: _too_few(seen.features.rows, others),
    }
    return {"reason": reasons[outcome]} if outcome in reasons else {}


def _report(question: Question, seen: Observed, result: Result) -> Json:
    outcome, features, answers = result.outcome, result.features, result.predictions
    conclusive = outcome in CONCLUSIVE
    rows, others = seen.features.rows, question.baseline.features.rows
    return {
        "outcome": outcome,
        **_reason(seen, outcome, others),
        "drift": _drift(result) if conclusive else None,
        "data_quality": _worst([*features, *answers], QUALITY) if conclusive else None,
        "columns": _named(features, Status.ALERT) if conclusive else [],
        "warned": _named(features, Status.WARN) if conclusive else [],
        "prediction_drift": _named(answers, Status.ALERT) if conclusive else [],
        "joint_drift": pairs_named(result.joint) if conclusive else [],
        "worse_estimates": alerting(result.estimated) if conclusive else [],
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
        "joint": result.joint.to_json() if conclusive else None,
        "estimated": result.estimated.to_json() if conclusive and result.estimated else None,
    }


def _drift(result: Result) -> str:
    """Return the worst drift, of a column or of all of them together."""
    columns = _worst([*result.features, *result.predictions], DRIFT)
    return max(Status[columns], result.joint.status).name


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
        "joint_drift": [],
        "worse_estimates": [],
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
        "joint": None,
        "estimated": None,
    }
