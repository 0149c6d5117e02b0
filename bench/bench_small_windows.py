"""Measure false alarms and misses of windows of 50 to 300 rows, with fixed seeds.

Each window is judged in the three ways of a drift check: column by column, by all columns together,
and by the estimated score. The baseline or the holdout is large, or as small as the windows.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyarrow as pa

from bench.report import ROOT, report
from bench.window_data import Array, answered, batch, rows
from include.jobs.drift.constraints import from_json, suggest
from include.jobs.drift.estimates import ANSWERS, estimate
from include.jobs.drift.findings import ENOUGH, Status
from include.jobs.drift.joint import judge_joint
from include.jobs.drift.samples import Sample
from include.jobs.drift.statistics import Profile
from include.jobs.drift.tables import Batch
from include.jobs.drift.verdicts import compare
from include.jobs.evaluation.answers import Answers

RESULT = ROOT / "bench" / "results" / "small_windows.json"
SIZES = (50, 99, 100, 150, 200, 300)
BASELINES = (5_000, 300)
HOLDOUTS = (2_000, 300)
WINDOWS, DRIFTED = 50, 20  # of each size, without drift and with it
TOO_FEW = "too few rows"
SHIFTS = (0.25, 0.5, 1.0)  # standard deviations by which one column moves
LESS_SURE = {"spread": 0.8}

Judge = Callable[[int, int], str]  # takes rows and a seed


class Reference:
    """A baseline: a sample of its rows, and their profile."""

    def __init__(self, baseline: int, seed: int) -> None:
        self.sample, self.profile = _read(rows(baseline, [seed, baseline]))
        self.constraints = from_json(suggest(self.profile))

    def columns(self, window: Array) -> str:
        """Return the verdict column by column."""
        if len(window) < ENOUGH:
            return TOO_FEW
        _, profile = _read(window)
        verdicts = compare(self.profile, profile, self.constraints)
        return max(verdict.status for verdict in verdicts).name

    def together(self, window: Array) -> str:
        """Return the verdict on all columns together."""
        sample, profile = _read(window)
        joint = judge_joint(self.sample, sample, (self.profile, profile))
        return TOO_FEW if joint.reason else joint.status.name


def _read(table: Array) -> tuple[Sample, Profile]:
    sample, profile, read = Sample(), Profile(), batch(table)
    sample.add(read)
    profile.add(Batch("window", read))
    return sample, profile.settled()


class Model:
    """A model whose calibration comes from a holdout."""

    def __init__(self, holdout: int, seed: int) -> None:
        from include.jobs.evaluation.calibration import fit_calibration  # imports scikit-learn

        labels, given = answered(holdout, [seed, holdout, 1])
        answers = Answers(given, (given >= 0.5).astype(int))
        self._calibration = fit_calibration(labels, answers, ["no", "yes"], 0.5)

    def estimated(self, given: Array) -> str:
        """Return the verdict on the estimated score of a window's answers."""
        sample = Sample(ANSWERS)
        sample.add(pa.RecordBatch.from_pydict({"prediction": pa.array(given)}))
        result = estimate(sample, self._calibration, "auc")
        assert result
        return result.status.name if result.values else TOO_FEW


def counted(judge: Judge, windows: int) -> dict[str, dict[str, float]]:
    """Return by rows the shares of windows of each verdict."""
    return {str(size): _shares(judge(size, seed) for seed in range(windows)) for size in SIZES}


def _shares(verdicts: Iterable[str]) -> dict[str, float]:
    counts = Counter(verdicts)
    total = sum(counts.values())
    names = (TOO_FEW, *(status.name for status in Status))
    return {name: round(counts[name] / total, 4) for name in names}


def _moved(size: int, seed: int, shift: float) -> Array:
    table = rows(size, [seed, size, 2])
    table[:, 0] += shift
    return table


def of_rows(baseline: int) -> dict[str, Any]:
    """Return the verdicts on rows against a baseline of that many rows."""
    reference = Reference(baseline, 1)
    return {
        "columns": counted(lambda n, s: reference.columns(rows(n, [s, n, 1])), WINDOWS),
        "all columns together": counted(
            lambda n, s: reference.together(rows(n, [s, n, 1])), WINDOWS
        ),
        **{
            f"one column moved by {shift}": counted(
                lambda n, s, by=shift: reference.columns(_moved(n, s, by)),  # type: ignore[misc]
                DRIFTED,
            )
            for shift in SHIFTS
        },
        "a correlation of 0.6 is -0.6": counted(
            lambda n, s: reference.together(rows(n, [s, n, 2], "correlation", 1.2)), DRIFTED
        ),
    }


def of_answers(holdout: int) -> dict[str, Any]:
    """Return the verdicts on answers of models with a holdout of that many rows."""
    models = [Model(holdout, seed) for seed in range(WINDOWS)]

    def still(size: int, seed: int) -> str:
        return models[seed].estimated(answered(size, [seed, size, 2])[1])

    def less_sure(size: int, seed: int) -> str:
        return models[seed].estimated(answered(size, [seed, size, 3], **LESS_SURE)[1])

    return {
        "estimated score": counted(still, WINDOWS),
        "the model is much less sure": counted(less_sure, DRIFTED),
    }


def measured(_: Path) -> dict[str, Any]:
    return {
        "windows": {"without drift": WINDOWS, "with drift": DRIFTED},
        "baseline_rows": {str(number): of_rows(number) for number in BASELINES},
        "holdout_rows": {str(number): of_answers(number) for number in HOLDOUTS},
    }


if __name__ == "__main__":
    report(measured, RESULT)
