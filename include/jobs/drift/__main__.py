"""`python -m include.jobs.drift baseline DATA --output DIR` and `... check DATA --baseline DIR`.

DATA is a CSV file with a header, or a folder of capture files. `check` exits 0 whatever the
verdict, and non-zero only when it could not check.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .baseline import (
    Baseline,
    constraints,
    read_baseline,
    statistics,
    summarize_table,
    write_baseline,
    write_json,
)
from .check import Verdict, compare, detectable, outcome_of, violations
from .report import page
from .tables import Cells, UnreadableData, Window, read_capture, read_csv

# What a Processing job shows as its ExitMessage.
MESSAGE = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml")) / "output" / "message"
CONCLUSIVE = ("OK", "WARN", "ALERT")


def check(data: Path, baseline: Baseline, window: Window, output: Path) -> dict[str, Any]:
    """Write Model Monitor's files, drift_report.json and report.html; return the report."""
    rows = _rows(data, baseline, window)
    verdicts = compare(baseline, rows) if rows else []
    report = _report(baseline, rows, window, verdicts)
    output.mkdir(parents=True, exist_ok=True)
    current = Baseline(len(rows), summarize_table(list(baseline.columns), rows))
    conclusive = report["outcome"] in CONCLUSIVE
    write_json(output / "statistics.json", statistics(current))
    write_json(output / "constraints.json", constraints(current))
    write_json(output / "constraint_violations.json", violations(verdicts if conclusive else []))
    write_json(output / "drift_report.json", report)
    (output / "report.html").write_text(page(report, verdicts))
    return report


def _rows(data: Path, baseline: Baseline, window: Window) -> list[Cells]:
    if data.is_dir():
        return read_capture(data, list(baseline.columns), window)
    header, rows = read_csv(data)
    if missing := [name for name in baseline.columns if name not in header]:
        raise UnreadableData(
            f"{data.name} lacks the baseline's columns {missing}. "
            "Compare with the baseline of the model that this data is for."
        )
    places = [header.index(name) for name in baseline.columns]
    return [[row[place] for place in places] for row in rows]


def _report(
    baseline: Baseline, rows: list[Cells], window: Window, verdicts: list[Verdict]
) -> dict[str, Any]:
    outcome = outcome_of(len(rows), verdicts)
    conclusive = outcome in CONCLUSIVE
    named = [v.name for v in verdicts if v.status == "ALERT"] if conclusive else []
    return {
        "outcome": outcome,
        "columns": named,
        "warned": [v.name for v in verdicts if v.status == "WARN"] if conclusive else [],
        "rows": len(rows),
        "baseline_rows": baseline.rows,
        "window": {
            "start": window.start.isoformat() if window.start else None,
            "end": window.end.isoformat() if window.end else None,
        },
        "detectable_distance": detectable(len(rows), baseline.rows),
        "features": [verdict.to_json() for verdict in verdicts],
    }


def moment(text: str) -> datetime:
    """ISO 8601; without an offset it is UTC, as inference times are."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["baseline", "check"])
    parser.add_argument("data", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--start", type=moment)
    parser.add_argument("--end", type=moment)
    given = parser.parse_args()
    if given.command == "check" and given.baseline is None:
        parser.error("check needs --baseline DIR, a folder that `baseline` wrote")
    try:
        if given.command == "baseline":
            print(f"{write_baseline(given.data, given.output).rows} rows summarized")
            return 0
        window = Window(given.start, given.end)
        report = check(given.data, read_baseline(given.baseline), window, given.output)
    except UnreadableData as error:
        _say(f"FAILED: {error}")
        return 1
    named = ", ".join(report["columns"]) or "no column"
    _say(f"{report['outcome']}: {named} ({report['rows']} rows)")
    return 0


def _say(message: str) -> None:
    print(message)
    if MESSAGE.parent.is_dir():
        MESSAGE.write_text(message)


if __name__ == "__main__":
    sys.exit(main())
