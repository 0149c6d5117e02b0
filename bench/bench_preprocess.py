"""Compare preprocessing with polars' streaming engine on the same outputs, and by rows.

Each measurement is one process, timed from its start to its end, imports included, with its peak
resident memory. Both check, split, encode and summarize the same two partitions of 20 columns.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.preprocess_data import ROOT, partitions
from bench.processes import environment, measured
from bench.report import report
from include.jobs.churn.schema import STATES

HOME = ROOT / ".local" / "bench" / "preprocess"
RESULT = ROOT / "bench" / "results" / "preprocess.json"
PEER = ROOT / "bench" / "peers" / "preprocess_polars.py"
# Of AWS's scikit-learn image 1.4-2, which the job runs in, and the peer.
REQUIREMENTS = ("pyarrow==17.0.0", "numpy==2.1.0", "polars==2.1.0")
GROWTH = tuple(int(n) for n in os.environ.get("BENCH_GROWTH", "1,10").split(","))  # millions
REPEATS = int(os.environ.get("BENCH_REPEATS", "3"))
MOST_REPEATED = 10  # millions
ROWS = "million rows"
# What is claimed: seconds for 1 million rows as a ratio, for 10 million as a ratio, and memory.
PEER_TIMES, TEN_TIMES, MOST_MB = 3.0, 10.5, 1024

Usage = dict[str, float]


def ours(python: Path, raw: Path, output: Path) -> Usage:
    shutil.rmtree(output, ignore_errors=True)
    job = (ROOT / "include" / "jobs" / "run.py", "tabular.preprocess", "split")
    return measured(python, *job, "--schema", "churn", "--raw", raw, "--output", output)


def peer(python: Path, raw: Path, output: Path) -> Usage:
    shutil.rmtree(output, ignore_errors=True)
    return measured(python, PEER, raw, output, ",".join(STATES))


def best(runs: list[Usage]) -> Usage:
    """Return the fastest run, with the largest memory of all."""
    fastest = min(runs, key=lambda run: run["seconds"])
    return fastest | {"peak_mb": max(run["peak_mb"] for run in runs)}


def compared(folder: Path) -> dict[str, Any]:
    python, sizes = environment(HOME / "env", REQUIREMENTS), {}
    for millions in GROWTH:
        raw = partitions(HOME / f"{millions}M", millions * 1_000_000)
        repeats = range(REPEATS if millions <= MOST_REPEATED else 1)
        runs = [(ours(python, raw, folder / "a"), peer(python, raw, folder / "b")) for _ in repeats]
        one, other = best([run[0] for run in runs]), best([run[1] for run in runs])
        ratio = {name: round(one[name] / other[name], 2) for name in one}
        sizes[f"{millions} {ROWS}"] = {"prodml": one, "polars": other, "ratio": ratio}
    return {
        "columns": 20,
        "cores": os.cpu_count(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "packages": REQUIREMENTS,
        **sizes,
        "claims": claims(sizes),
    }


def claims(sizes: dict[str, dict[str, Usage]]) -> dict[str, bool]:
    """Return whether the measured sizes are as fast, as linear and as small as stated."""
    one, ten = (sizes.get(f"{millions} {ROWS}") for millions in (1, 10))
    peak = max(use["prodml"]["peak_mb"] for use in sizes.values())
    made = {f"at most {MOST_MB} MB at every size": peak <= MOST_MB}
    if one:
        made[f"at most {PEER_TIMES} times polars"] = one["ratio"]["seconds"] <= PEER_TIMES
    if one and ten:
        growth = ten["prodml"]["seconds"] / one["prodml"]["seconds"]
        made[f"10 million rows take at most {TEN_TIMES} times 1 million"] = growth <= TEN_TIMES
    return made


if __name__ == "__main__":
    report(compared, RESULT)
