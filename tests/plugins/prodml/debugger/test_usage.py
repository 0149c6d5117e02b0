"""Instances that are hardly used, or nearly exhausted."""

from __future__ import annotations

from prodml.debugger.observations import Source
from prodml.debugger.rules import HighUse, LowUse

from tests.plugins.prodml.debugger.observed import finding, reports


def test_one_idle_instance_of_two_is_found() -> None:
    rows = [{"cpu/algo-1": 90.0, "cpu/algo-2": 0.0, "memory/algo-2": 1.0}] * 3
    one = finding(LowUse(patience=3), reports(Source.USAGE, rows))
    assert one is not None
    assert one.series == "cpu/algo-2"
    assert one.text == "cpu/algo-2 is 0 % in use, and below 10 % for 3 minutes."
    assert finding(LowUse("gpu", patience=3), reports(Source.USAGE, rows)) is None


def test_short_pauses_are_sound() -> None:
    rows = [{"cpu/algo-1": 5.0 if n % 3 else 50.0} for n in range(30)]
    assert finding(LowUse(patience=3), reports(Source.USAGE, rows)) is None


def test_memory_near_its_end_is_found() -> None:
    rows = [{"memory/algo-1": 80.0 + 4 * n} for n in range(6)]
    one = finding(HighUse(), reports(Source.USAGE, rows))
    assert one is not None
    assert one.value == 100.0
    assert "above 90 %" in one.text
