"""Count how often the intervals of a gain hold the true gain, and time the job at a million rows.

A world is a holdout of 500 rows with two models. The true gain is that of a holdout of two million
rows of the same kind. In the worlds of LIMITS a few rows decide, more than any interval can know.
The job at a million rows is one process with JSON Lines of two models. `make bench` runs this with
the newest scikit-learn; that of the job's image, as in the stored result, takes half the time.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import sklearn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.report import ROOT, report
from include.jobs.evaluation.answers import Answers
from include.jobs.evaluation.bootstrap import interval, spread
from include.jobs.evaluation.measures import MEASURES
from include.jobs.evaluation.scores import BINARY, MULTICLASS, REGRESSION, SCORES, gain

RESULT = ROOT / "bench" / "results" / "evaluation.json"
WORLDS = int(os.environ.get("BENCH_WORLDS", "500"))
PARTS, SEED = 20, 11  # worlds in parts, so that processes share them
PROCESSES = int(os.environ.get("BENCH_PROCESSES", os.cpu_count() or 1))
HOLDOUT, WHOLE = 500, 2_000_000
ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
CONFIDENCE = 0.95
World = tuple[Any, list[Answers]]
WorldOf = Callable[[Any, int], World]


def binary(draw: Any, rows: int) -> World:
    """Return one positive in seven, as in the churn data, and two models that see it."""
    truth = (draw.random(rows) < 0.14).astype(int)
    signal = 1.8 * truth + draw.normal(size=rows)
    noisy = (signal + size * draw.normal(size=rows) for size in (0.5, 0.8))
    chances = [1 / (1 + np.exp(2.6 - 1.4 * one)) for one in noisy]
    return truth, [Answers(chance, (chance >= 0.5).astype(int)) for chance in chances]


def multiclass(draw: Any, rows: int) -> World:
    truth = draw.choice(4, size=rows, p=[0.5, 0.3, 0.15, 0.05])
    models = []
    for wrong in (0.25, 0.3):
        predicted = np.where(draw.random(rows) < wrong, draw.integers(4, size=rows), truth)
        models.append(Answers(predicted, predicted))
    return truth, models


def regression(draw: Any, rows: int) -> World:
    """Return labels with a few large errors."""
    return _regression(draw, draw.standard_t(4, size=rows))


def infinite(draw: Any, rows: int) -> World:
    """Return labels whose squared errors have no finite variance, and hardly a mean."""
    return _regression(draw, draw.standard_t(2.5, size=rows))


def outliers(draw: Any, rows: int) -> World:
    """Return labels that one model misses by far in one row of 250: two rows of a holdout."""
    truth, (first, second) = _regression(draw, draw.normal(size=rows))
    missed = second.values + np.where(draw.random(rows) < 0.004, 10.0, 0.0)
    return truth, [first, Answers(missed, missed)]


def _regression(draw: Any, errors: Any) -> World:
    """Return labels with *errors*, and two models that know them without."""
    rows = len(errors)
    known = draw.normal(size=rows)
    truth = known + errors
    models = [
        scale * known + size * draw.normal(size=rows) for scale, size in ((1, 0.2), (0.8, 0.3))
    ]
    return truth, [Answers(predicted, predicted) for predicted in models]


KINDS = {BINARY: binary, MULTICLASS: multiclass, REGRESSION: regression}
LIMITS = {"errors without a variance": infinite, "two rows decide": outliers}


def gains(problem: str, world: World) -> dict[str, float]:
    truth, models = world
    first, second = (MEASURES[problem](truth, one, None) for one in models)
    return {s: gain(problem, s, first[s], second[s]) for s in SCORES[problem]}


def held(problem: str, world_of: WorldOf, actual: dict[str, float], part: int) -> dict[str, int]:
    """Return by score how many of a part's worlds have an interval that holds the *actual* gain."""
    draw = np.random.default_rng([SEED, part])
    counts = dict.fromkeys(actual, 0)
    for _ in range(WORLDS // PARTS):
        world = world_of(draw, HOLDOUT)
        measured, deviations = gains(problem, world), spread(problem, *world).gains
        for score in actual:
            low, high = interval(measured[score], deviations[score], CONFIDENCE)
            counts[score] += bool(low <= actual[score] <= high)
    return counts


def coverage(pool: Executor, problem: str, world_of: WorldOf) -> Callable[[], dict[str, float]]:
    """Start the parts in *pool*; return a function that waits for the percentages by score."""
    actual = gains(problem, world_of(np.random.default_rng(SEED), WHOLE))
    parts = [pool.submit(held, problem, world_of, actual, part) for part in range(PARTS)]
    worlds = WORLDS // PARTS * PARTS

    def percentages() -> dict[str, float]:
        counts = [part.result() for part in parts]
        return {score: round(100 * sum(c[score] for c in counts) / worlds, 1) for score in actual}

    return percentages


def job(folder: Path) -> dict[str, float]:
    """Return what the job takes over ROWS answers of two models."""
    truth, models = binary(np.random.default_rng(1), ROWS)
    named = {"challenger": models[0], "champion": models[1]}
    for name, answers in named.items():
        lines = (
            f'{{"label": "yes", "probability": {p:.6f}, "version": "1"}}\n' for p in answers.values
        )
        _write(folder / name, lines)
    _write(folder / "labels", (f"{one}\n" for one in truth))
    run: list[str | Path] = [sys.executable, ROOT / "include" / "jobs" / "run.py", "evaluation"]
    classes = ["--classes", json.dumps(["no", "yes"])]
    subprocess.run([*run, "--input", folder, "--output", folder / "out", *classes], check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "rows": ROWS,
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb": round(used.ru_maxrss / 1024),
    }


def _write(folder: Path, lines: Any) -> None:
    folder.mkdir(parents=True)
    with (folder / "part-00000.csv").open("w") as file:
        file.writelines(lines)


def measured(folder: Path) -> dict[str, Any]:
    timed = job(folder)
    with ProcessPoolExecutor(PROCESSES) as pool:
        usual = {name: coverage(pool, name, world_of) for name, world_of in KINDS.items()}
        limits = {n: coverage(pool, REGRESSION, world_of) for n, world_of in LIMITS.items()}
        return {
            "job": timed,
            "scikit_learn": sklearn.__version__,
            "worlds": WORLDS,
            "rows": HOLDOUT,
            "confidence": CONFIDENCE,
            "coverage_percent": {name: wait() for name, wait in usual.items()},
            "coverage_percent_at_the_limit": {name: wait() for name, wait in limits.items()},
        }


if __name__ == "__main__":
    report(measured, RESULT)
