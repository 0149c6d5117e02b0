"""Report where a long run of the suite spends its time: by part of CI's budget, and by file."""

from __future__ import annotations

import time
from collections import defaultdict

import pytest

# Parts that have a budget of their own, by the paths of their tests; the rest is the base.
PARTS = {
    "browser": ("tests/plugins/prodml/ui/", "tests/include/local_aws/test_browser.py"),
    "Spark": ("tests/include/jobs/spark/",),
    "fuzzing and documents": ("tests/fuzz/", "tests/docs/"),
}
SHORT = 120  # seconds; a shorter run has no report
SLOWEST = 12


class Durations:
    """Add up the time of the tests of each file, with their fixtures."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._by_file: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._by_file[report.nodeid.partition("::")[0]] += report.duration

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        elapsed = time.monotonic() - self._started
        if elapsed < SHORT:
            return
        terminalreporter.section("time by part, as its share of the run")
        for part, seconds in shares(self._by_file, elapsed).items():
            terminalreporter.write_line(f"{seconds:6.0f} s  {part}")
        terminalreporter.section("slowest files, by the time of their worker")
        for file, seconds in slowest(self._by_file):
            terminalreporter.write_line(f"{seconds:6.0f} s  {file}")


def shares(by_file: dict[str, float], elapsed: float) -> dict[str, float]:
    """Divide *elapsed* among the parts by the seconds of their tests."""
    by_part = dict.fromkeys(["base", *PARTS], 0.0)
    for file, seconds in by_file.items():
        by_part[part_of(file)] += seconds
    total = sum(by_part.values()) or 1
    return {part: elapsed * seconds / total for part, seconds in by_part.items()}


def slowest(by_file: dict[str, float]) -> list[tuple[str, float]]:
    """Return the files whose tests took longest, with their seconds."""
    return sorted(by_file.items(), key=lambda item: item[1], reverse=True)[:SLOWEST]


def part_of(file: str) -> str:
    """Return the part of CI's budget that a file of tests belongs to."""
    return next((part for part, paths in PARTS.items() if file.startswith(paths)), "base")
