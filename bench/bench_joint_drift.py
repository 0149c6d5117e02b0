"""Measure false alarms and misses of the verdict on all columns together, with fixed seeds.

Windows of 20 columns are compared with a sample of 2,000 baseline rows. The peers see some of the
same windows: two domain classifiers of scikit-learn, and PCA's reconstruction error.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from bench.report import ROOT, report
from bench.window_data import Array, batch, rows
from include.jobs.drift.constraints import from_json, suggest
from include.jobs.drift.findings import Status
from include.jobs.drift.joint import Joint, judge_joint
from include.jobs.drift.samples import Sample
from include.jobs.drift.statistics import Profile
from include.jobs.drift.tables import Batch
from include.jobs.drift.verdicts import compare

RESULT = ROOT / "bench" / "results" / "joint_drift.json"
BASELINE, SIZES = 5_000, (100, 300, 600, 2_000)
CALM, WOBBLING, DRIFTED, PEERED = 100, 50, 20, 5  # windows of each kind
DRIFTS = (
    *(("correlation", strength) for strength in (0.15, 0.3, 0.6, 1.2)),
    *(("new", strength) for strength in (0.3, 0.6)),
    *(("curve", strength) for strength in (0.5, 1.0)),
)
WORKERS = int(os.environ.get("BENCH_WORKERS", "2"))
IMPORTS = "import time; t = time.process_time(); import sklearn.{}; print(time.process_time() - t)"


class Reference:
    """The baseline of one study: a sample of its rows, and their profile."""

    def __init__(self, seed: int) -> None:
        self.rows = rows(BASELINE, [seed])
        self.sample, self.profile = _read(self.rows)
        self.constraints = from_json(suggest(self.profile))

    def judged(self, window: Array) -> tuple[Joint, Status]:
        """Return the verdict on all columns together, and the worst one of a single column."""
        sample, profile = _read(window)
        joint = judge_joint(self.sample, sample, (self.profile, profile))
        alone = compare(self.profile, profile, self.constraints)
        return joint, max(verdict.status for verdict in alone)


def _read(table: Array) -> tuple[Sample, Profile]:
    sample, profile, read = Sample(), Profile(), batch(table)
    sample.add(read)
    profile.add(Batch("window", read))
    return sample, profile.settled()


def calm(make: Callable[[int, int], Array], windows: int) -> dict[str, Any]:
    """Return by rows of a window the shares of windows that warn and alert without drift."""
    reference, result = Reference(1), {}
    for size in SIZES:
        joints = [reference.judged(make(size, seed))[0] for seed in range(windows)]
        judged = [joint for joint in joints if joint.separation]
        aucs = np.array([joint.separation.auc for joint in judged if joint.separation])
        result[str(size)] = {
            "windows": len(judged),
            "warn": _share(judged, Status.WARN),
            "alert": _share(judged, Status.ALERT),
            "auc_mean": round(float(aucs.mean()), 4) if len(aucs) else None,
            "auc_deviation": round(float(aucs.std()), 4) if len(aucs) else None,
        }
    return result


def _share(joints: list[Joint], least: Status) -> float | None:
    if not joints:
        return None
    return round(sum(joint.status >= least for joint in joints) / len(joints), 4)


def drifted(kind: str, strength: float, windows: int) -> list[dict[str, Any]]:
    """Return by rows of a window the shares of windows whose drift is seen."""
    reference, results = Reference(1), []
    for size in SIZES:
        both = [
            reference.judged(rows(size, [seed, size, 2], kind, strength)) for seed in range(windows)
        ]
        joints = [joint for joint, _ in both]
        results.append(
            {
                "drift": kind,
                "strength": strength,
                "rows": size,
                "warn": _share(joints, Status.WARN),
                "alert": _share(joints, Status.ALERT),
                "auc": round(float(np.mean([j.separation.auc for j in joints if j.separation])), 3),
                "a_column_warns": sum(alone > Status.OK for _, alone in both) / windows,
            }
        )
    return results


def peers(windows: int) -> dict[str, Any]:
    """Return by method how far windows with drift are from those without, and its CPU time.

    The distance is in standard deviations of the windows without drift; 600 rows each.
    """
    from bench.peers.joint_sklearn import PEERS  # seconds of imports that nothing else needs

    reference = Reference(3)

    def ours(_: Array, window: Array) -> float:
        separation = reference.judged(window)[0].separation
        return separation.auc if separation else 0.5

    result: dict[str, Any] = {}
    sample = reference.rows[:2_000]
    for name, method in {"prodml": ours, **PEERS}.items():
        began = time.process_time()
        values = {
            f"{kind} {strength}": [
                method(sample, rows(600, [seed, 3], kind, strength)) for seed in range(windows)
            ]
            for kind, strength in (("none", 0.0), *DRIFTS)
        }
        spent = (time.process_time() - began) / (windows * len(values))
        still = values.pop("none 0.0")
        result[name] = {
            "cpu_seconds": round(spent, 3),
            "deviations": {
                kind: round(float((np.mean(v) - np.mean(still)) / np.std(still)), 1)
                for kind, v in values.items()
            },
        }
    return result


def imports() -> dict[str, float]:
    """Return the CPU seconds that importing a part of scikit-learn takes."""
    return {
        name: round(float(subprocess.check_output([sys.executable, "-c", IMPORTS.format(name)])), 2)
        for name in ("ensemble", "decomposition", "linear_model")
    }


def _still(size: int, seed: int) -> Array:
    return rows(size, [seed, size, 1])


def _jittered(by: float, size: int, seed: int) -> Array:
    return rows(size, [seed, size, 4], "jitter", by)


def _repeated(size: int, seed: int) -> Array:
    return np.asarray(np.repeat(rows(max(size // 4, 1), [seed, size, 5]), 4, axis=0))


def measured(_: Path) -> dict[str, Any]:
    with ProcessPoolExecutor(WORKERS) as pool:
        parts: dict[str, Future[Any]] = {
            "peers": pool.submit(peers, PEERED),
            "no_drift": pool.submit(calm, _still, CALM),
            **{
                f"jitter_{by}": pool.submit(calm, partial(_jittered, by), WOBBLING)
                for by in (0.02, 0.05)
            },
            "each_row_four_times": pool.submit(calm, _repeated, WOBBLING),
        }
        seen = [pool.submit(drifted, kind, strength, DRIFTED) for kind, strength in DRIFTS]
        return {
            "baseline_rows": len(Reference(1).sample),
            "columns": 20,
            **{name: part.result() for name, part in parts.items()},
            "drift": [one for part in seen for one in part.result()],
            "scikit_learn_import_cpu_seconds": imports(),
        }


if __name__ == "__main__":
    report(measured, RESULT)
