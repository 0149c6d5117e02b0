"""Steps that are much slower than the others."""

from __future__ import annotations

from prodml.debugger.observations import Source
from prodml.debugger.rules import SlowSteps

from tests.plugins.prodml.debugger.observed import finding, reports


def durations(*means: float) -> list[dict[str, float]]:
    return [{"mean": mean, "slowest": 2 * mean} for mean in means]


def test_slow_steps_that_return_are_found() -> None:
    rows = durations(*([0.1] * 4 + [0.5]) * 4)
    one = finding(SlowSteps(), reports(Source.STEPS, rows))
    assert one is not None
    assert one.at == 14.0  # the third slow report
    assert "the slowest step took 1 s" in one.text


def test_one_slow_report_and_noise_are_sound() -> None:
    rows = durations(*(0.1 + 0.03 * (n % 5) for n in range(30)), 5.0, *[0.1] * 30)
    assert finding(SlowSteps(), reports(Source.STEPS, rows)) is None
    assert (
        finding(SlowSteps(share=0.9), reports(Source.STEPS, durations(0.1, 0.1, 0.5, 0.5))) is None
    )
