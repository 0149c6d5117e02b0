"""Measure estimates of a model's scores without labels against the labels, with fixed seeds.

Each window has a holdout of its own, by which the model is calibrated. NannyML's CBPE estimates the
same windows, in an environment of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pyarrow as pa

from bench.processes import environment
from bench.report import HOME, ROOT, report
from bench.window_data import Array, answered, answered_classes
from include.jobs.drift.estimates import ANSWERS, estimate
from include.jobs.drift.expected_scores import scores_of
from include.jobs.drift.findings import Status
from include.jobs.drift.samples import Sample
from include.jobs.evaluation.answers import Answers

RESULT = ROOT / "bench" / "results" / "estimates.json"
REQUIREMENTS = ("nannyml==0.13.1", "statsmodels")
PEER = ROOT / "bench" / "peers" / "estimates_nannyml.py"
WINDOWS, PEERED = 20, 4  # of each kind, and those of them that the peer estimates
SIZES = ((500, 300), (2_000, 1_000))  # rows of the holdout, and of the window
USUAL: dict[str, float] = {}
# By case: what differs from the holdout in the window.
BINARY: dict[str, dict[str, float]] = {
    "no drift": USUAL,
    "fewer positives": {"centre": -2.5},
    "a little less sure": {"spread": 1.6},
    "less sure": {"spread": 1.2},
    "much less sure": {"spread": 0.8},
    "labels changed, rows not (20 %)": {"concept": 0.2},
    "labels changed, rows not (40 %)": {"concept": 0.4},
}
CLASSES: dict[str, dict[str, float]] = {"no drift": USUAL, "less sure": {"sharpness": 1.5}}
CLASS_NAMES = ("a", "b", "c")


@dataclass(frozen=True)
class Case:
    """One window with its holdout, and the labels that only the study knows."""

    holdout_labels: Array
    holdout_given: Array
    labels: Array
    given: Array

    @property
    def binary(self) -> bool:
        return self.given.ndim == 1

    def real(self) -> dict[str, float]:
        """Return the scores that the window's labels show."""
        if self.binary:
            return scores_of(self.labels.astype(float), self.given, self.given >= 0.5)
        return scores_of(np.eye(3)[self.labels], self.given, self.given.argmax(axis=1))

    def task(self) -> dict[str, Any]:
        """Return what the peer reads."""
        names = ("holdout_labels", "holdout_given", "given")
        return {name: getattr(self, name).tolist() for name in names}

    def estimated(self) -> Any:
        """Return the estimate that a drift check makes."""
        given, classes = self.holdout_given, ["no", "yes"]
        answers = Answers(given, (given >= 0.5).astype(int))
        if not self.binary:
            decided, classes = given.argmax(axis=1), list(CLASS_NAMES)
            answers = Answers(decided, decided, given)
        from include.jobs.evaluation.calibration import fit_calibration  # imports scikit-learn

        fitted = fit_calibration(self.holdout_labels, answers, classes, 0.5)
        return estimate(self._sample(), fitted, "auc" if self.binary else "accuracy")

    def _sample(self) -> Sample:
        columns = {"prediction": self.given}
        if not self.binary:
            columns = {f"probabilities.{n}": self.given[:, i] for i, n in enumerate(CLASS_NAMES)}
        sample = Sample(ANSWERS)
        cells = {name: pa.array(values) for name, values in columns.items()}
        sample.add(pa.RecordBatch.from_pydict(cells))
        return sample


def cases(several: bool, change: dict[str, float], sizes: tuple[int, int]) -> Iterator[Case]:
    """Yield the windows of a study."""
    make: Any = answered_classes if several else answered
    holdout, rows = sizes
    for seed in range(WINDOWS):
        yield Case(*make(holdout, [seed, 1]), *make(rows, [seed, 2], **change))


class NannyMl:
    """The peer's process."""

    def __init__(self) -> None:
        python = Path(os.environ.get("BENCH_NANNYML", "")) / "bin" / "python"
        if not python.exists():
            python = environment(HOME / "nannyml", REQUIREMENTS)
        self._process = subprocess.Popen(
            [python, PEER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "NML_DISABLE_USAGE_LOGGING": "1", "PYTHONPATH": ""},
        )

    def estimated(self, case: Case) -> dict[str, float]:
        """Return its estimate of a window."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(case.task()), file=self._process.stdin, flush=True)
        answer: dict[str, float] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def study(peer: NannyMl, several: bool, change: dict[str, float], sizes: tuple[int, int]) -> Any:
    """Return the errors and the verdicts of the windows of one case."""
    real, ours, theirs, statuses, spent = [], [], [], [], 0.0
    for number, case in enumerate(cases(several, change, sizes)):
        real.append(case.real())
        began = time.process_time()
        result = case.estimated()
        spent += time.process_time() - began
        ours.append({name: one.value for name, one in result.values.items()})
        statuses.append(result.status)
        if number < PEERED:
            theirs.append(peer.estimated(case))
    names = ("accuracy", "balanced_accuracy") if several else ("auc", "f1", "accuracy")
    shared = [name for name in names if name in theirs[0]]
    return {
        "holdout_rows": sizes[0],
        "rows": sizes[1],
        "real": {name: _mean(real, name) for name in names},
        "estimated": {name: _mean(ours, name) for name in names},
        "mean_absolute_error": {name: _error(ours, real, name) for name in names},
        "warn": _least(statuses, Status.WARN),
        "alert": _least(statuses, Status.ALERT),
        "cpu_seconds": round(spent / WINDOWS, 3),
        "same_windows": {
            "prodml": {name: _error(ours[:PEERED], real[:PEERED], name) for name in shared},
            "nannyml": {name: _error(theirs, real[:PEERED], name) for name in shared},
            "nannyml_cpu_seconds": round(_mean(theirs, "cpu_seconds"), 3),
        },
    }


def _mean(scores: list[dict[str, float]], name: str) -> float:
    return round(float(np.mean([one[name] for one in scores])), 4)


def _error(given: list[dict[str, float]], real: list[dict[str, float]], name: str) -> float:
    pairs = zip(given, real, strict=True)
    return round(float(np.mean([abs(one[name] - two[name]) for one, two in pairs])), 4)


def _least(statuses: list[Status], least: Status) -> float:
    return round(sum(status >= least for status in statuses) / len(statuses), 4)


def measured(_: Path) -> dict[str, Any]:
    peer = NannyMl()
    result: dict[str, Any] = {}
    for problem, kinds in (("binary", BINARY), ("three classes", CLASSES)):
        result[problem] = {
            kind: [study(peer, problem != "binary", change, sizes) for sizes in SIZES]
            for kind, change in kinds.items()
        }
    peer.close()
    return {"windows": WINDOWS, "windows_of_the_peer": PEERED, **result}


if __name__ == "__main__":
    report(measured, RESULT)
