"""Compare the drift check with Evidently and the fastest exact approach, and by rows.

Each measurement is one process, timed from its start to its end, imports included, with its peak
resident memory. All read the same Parquet files: 25 columns, 20 of numbers and 5 of text.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.drift_data import ROOT, capture, table
from bench.processes import environment, measured

HOME = ROOT / ".local" / "bench" / "drift"
RESULT = ROOT / "bench" / "results" / "drift.json"
PEERS = ROOT / "bench" / "peers"
REQUIREMENTS = ("evidently==0.7.23", "pandas<3.1", "polars==2.1.0", "pyarrow==25.0.1")
ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
GROWTH = tuple(int(n) for n in os.environ.get("BENCH_GROWTH", "1,10,30").split(","))  # millions
CAPTURED = int(os.environ.get("BENCH_CAPTURED", "300000"))


def drift(*arguments: object) -> dict[str, float]:
    return measured(sys.executable, "-m", "include.jobs.drift", *arguments)


def whole(reference: Path, current: Path) -> dict[str, float]:
    """Measure baseline and check together, as the peers read both tables too."""
    first = drift("baseline", reference, "--output", HOME / "baseline")
    second = drift("check", current, "--baseline", HOME / "baseline", "--output", HOME / "out")
    return {
        "seconds": round(first["seconds"] + second["seconds"], 2),
        "cpu_seconds": round(first["cpu_seconds"] + second["cpu_seconds"], 2),
        "peak_mb": max(first["peak_mb"], second["peak_mb"]),
    }


def growth() -> list[dict[str, Any]]:
    """Measure the same check over increasing rows, against one baseline."""
    results = []
    for millions in GROWTH:
        data = table(HOME / f"grow_{millions}.parquet", millions * 1_000_000, seed=3)
        results.append(
            {
                "rows": millions * 1_000_000,
                **drift("check", data, "--baseline", HOME / "baseline", "--output", HOME / "out"),
            }
        )
        data.unlink()
    return results


def captured() -> dict[str, float]:
    """Measure a check of captured JSONL, one request per record, as an endpoint writes it."""
    folder = capture(HOME / "capture", CAPTURED)
    usage = drift("check", folder, "--baseline", HOME / "baseline", "--output", HOME / "out")
    return {"rows": CAPTURED, "rows_per_second": round(CAPTURED / usage["seconds"]), **usage}


def main() -> None:
    HOME.mkdir(parents=True, exist_ok=True)
    python = environment(HOME / "env", REQUIREMENTS)
    reference = table(HOME / "reference.parquet", ROWS, seed=1)
    current = table(HOME / "current.parquet", ROWS, seed=2, drift=True)
    result = {
        "rows": ROWS,
        "columns": 25,
        "prodml": [whole(reference, current) for _ in range(2)],
        "polars_exact": [
            measured(python, PEERS / "drift_polars.py", reference, current) for _ in range(2)
        ],
        "evidently": [measured(python, PEERS / "drift_evidently.py", reference, current)],
        "capture_jsonl": captured(),
        "growth": growth(),
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
