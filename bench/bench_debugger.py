"""Measure the training debugger on injected faults and on healthy runs, with fixed seeds.

Models are really trained in this process; the use of an instance is simulated. Each rule sees runs
with its fault, and counts those that it finds. All rules together see healthy runs, each with
`stop`, and count the runs that they would stop.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "plugins"))

from prodml.debugger.judge import Judge

from bench.debugger_runs import FAULTS, healthy, rules
from bench.report import ROOT, report

RESULT = ROOT / "bench" / "results" / "debugger.json"
FAULTY, HEALTHY = 20, 40  # runs


def faults(runs: int, chosen: Iterable[str] = FAULTS) -> dict[str, dict[str, Any]]:
    """Return for each rule how many of *runs* with its fault it finds."""
    results: dict[str, dict[str, Any]] = {}
    for name in chosen:
        hits = [s for s in range(runs) if name in _found_in("loss", FAULTS[name](s))]
        missed = [seed for seed in range(runs) if seed not in hits]
        results[name] = {"runs": runs, "recall": len(hits) / runs, "missed_seeds": missed}
    return results


def sound(runs: int) -> dict[str, Any]:
    """Return which of the healthy runs the rules stop."""
    stopped = {seed: sorted(names) for seed in range(runs) if (names := _found_in(*healthy(seed)))}
    return {"runs": runs, "stopped": len(stopped), "by_seed": stopped}


def _found_in(metric: str, run: Any) -> set[str]:
    judge = Judge(rules(metric))
    judge.see(run)
    return {finding.rule for finding in judge.findings}


def measured(_: Path) -> dict[str, Any]:
    began = time.process_time()
    result = {"faults": faults(FAULTY), "healthy": sound(HEALTHY)}
    return result | {"cpu_seconds": round(time.process_time() - began, 1)}


if __name__ == "__main__":
    report(measured, RESULT)
