"""The page: small, alone, and with everything that it promises."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from tests.include.jobs.drift.data import NOON, check, drift, write_table

COLUMNS = [*(f"number_{i}" for i in range(20)), *(f"text_{i}" for i in range(5))]


def lines(seed: int, shift: float) -> list[str]:
    draw = random.Random(seed)
    return [
        ",".join(
            [f"{draw.gauss(shift, 1):.4f}" for _ in range(20)]
            + [draw.choice("abcdefgh") for _ in range(5)]
        )
        for _ in range(1500)
    ]


def test_25_columns_and_30_windows_in_100_kilobytes(tmp_path: Path) -> None:
    import json

    header = ",".join(COLUMNS)
    drift("baseline", write_table(tmp_path / "b.csv", lines(1, 0.0), header), "--output", tmp_path)
    draw = random.Random(3)
    history = [
        {
            "window_end": (NOON + timedelta(hours=hour)).isoformat(),
            "outcome": "OK" if hour < 25 else "WARN",
            "distances": {name: draw.uniform(0, 0.05 + hour / 500) for name in COLUMNS},
        }
        for hour in range(29)
    ]
    (tmp_path / "history.json").write_text(json.dumps(history))
    data = write_table(tmp_path / "d.csv", lines(2, 0.6), header)
    window = ("--start", NOON + timedelta(hours=29), "--end", NOON + timedelta(hours=30))
    options = [str(word).replace(" ", "T") for word in window]
    report = check(
        data, tmp_path, tmp_path / "out", "--history", tmp_path / "history.json", *options
    )
    page = (tmp_path / "out" / "report.html").read_text()
    assert len(page.encode()) < 100_000
    assert report["outcome"] == "ALERT"
    for promised in (
        "20 of 25 columns are not as they were",
        "2024-05-07 17:00 to 2024-05-07 18:00",
        "<!--triggered-->",
        "Last 30 windows",
        "prefers-color-scheme:dark",
        *COLUMNS,
    ):
        assert promised in page
    assert not any(word in page for word in ("http", "<script", "src=", "@import"))
