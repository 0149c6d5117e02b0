"""Data of three columns, and the analyzer as its users start it."""

from __future__ import annotations

import json
import random
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.include.jobs.programs import run_module

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
HEADER = "minutes,calls,plan"


def rows(count: int, seed: int, shift: float = 0.0, plans: str = "abc") -> list[str]:
    draw = random.Random(seed)
    return [
        f"{draw.gauss(shift, 1):.3f},{draw.randrange(20)},{draw.choice(plans)}"
        for _ in range(count)
    ]


def write_table(path: Path, lines: list[str], header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def record(
    data: str,
    at: datetime = NOON,
    encoding: str = "CSV",
    answer: str | None = None,
    inference_id: str | None = None,
) -> str:
    def half(mode: str, text: str, code: str) -> dict[str, str]:
        return {"observedContentType": "text/csv", "mode": mode, "data": text, "encoding": code}

    halves = {"endpointInput": half("INPUT", data, encoding)}
    if answer is not None:
        halves["endpointOutput"] = half("OUTPUT", answer, "CSV")
    event = {"eventId": "1", "inferenceTime": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    event |= {"inferenceId": inference_id} if inference_id else {}
    document = {"captureData": halves, "eventMetadata": event, "eventVersion": "0"}
    return json.dumps(document)


def write_capture(folder: Path, records: list[str], name: str = "00-01-002-x.jsonl") -> Path:
    hour = folder / "churn" / "AllTraffic" / "2024/05/06/12"
    hour.mkdir(parents=True, exist_ok=True)
    (hour / name).write_text("\n".join(records) + "\n")
    return folder


def drift(*arguments: object) -> subprocess.CompletedProcess[str]:
    return run_module("include.jobs.drift", *arguments)


def check(data: Path, baseline: Path, output: Path, *options: object) -> dict[str, Any]:
    done = drift("check", data, "--baseline", baseline, "--output", output, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    report: dict[str, Any] = json.loads((output / "drift_report.json").read_text())
    return report


def refused(data: Path, baseline: Path, output: Path, *options: object) -> str:
    """The sentence of a check that could not be made; its report says the same."""
    done = drift("check", data, "--baseline", baseline, "--output", output, *options)
    assert (done.returncode, done.stderr) == (1, "")
    report = json.loads((output / "drift_report.json").read_text())
    assert report["outcome"] == "FAILED"
    assert done.stdout == f"FAILED: {report['reason']}\n"
    assert "FAILED" in (output / "report.html").read_text()
    return str(report["reason"])
