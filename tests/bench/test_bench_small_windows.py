"""The stored study of small windows keeps what the documentation promises."""

from __future__ import annotations

import json

from bench.bench_small_windows import RESULT, SIZES, TOO_FEW
from include.jobs.drift.findings import ENOUGH


def test_small_windows_have_no_verdict_and_others_no_false_alarm() -> None:
    result = json.loads(RESULT.read_text())
    studies = [*result["baseline_rows"].values(), *result["holdout_rows"].values()]
    calm = ("columns", "all columns together", "estimated score")
    for name, shares in [(name, study[name]) for study in studies for name in study]:
        for size in SIZES:
            assert shares[str(size)][TOO_FEW] == (1.0 if size < ENOUGH else 0.0)
            if name in calm:
                assert shares[str(size)]["ALERT"] == 0.0
                assert shares[str(size)]["WARN"] <= 0.02
