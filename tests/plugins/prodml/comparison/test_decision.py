"""The decision of a comparison: challenger, champion, or neither yet."""

from __future__ import annotations

import pytest
from prodml.comparison.decision import Rule
from prodml.comparison.variant_metrics import Record
from prodml.vocabulary import Direction


def rule(metric: str = "errors", min_gain: float = 0.0, confidence: float = 0.95) -> Rule:
    return Rule(metric, Direction.MINIMIZE, min_gain, confidence)


def failures(failed: int, requests: int) -> Record:
    return Record(f"{failed}-of-{requests}", requests, failed, 100 * failed / requests)


# One-sided bounds of the incumbent's percent minus the challenger's.
ERRORS = [
    (1, 0, 100, 0.0, None),  # noise
    (0, 1, 100, 0.0, None),
    (0, 0, 100, 0.0, None),  # without a fault, none is better
    (0, 0, 100, -1.0, None),  # at most 2.63 % fail, by Wilson: 1.645**2 / (100 + 1.645**2)
    (0, 0, 300, -1.0, True),  # at most 0.89 %
    (40, 10, 1000, 0.0, True),
    (10, 40, 1000, 0.0, False),
    (20, 10, 1000, 2.0, False),
]


@pytest.mark.parametrize(("incumbent", "challenger", "of", "min_gain", "wins"), ERRORS)
def test_failures_decide_once_it_is_sure(
    incumbent: int, challenger: int, of: int, min_gain: float, wins: bool | None
) -> None:
    winner, why = rule(min_gain=min_gain).decide(failures(incumbent, of), failures(challenger, of))
    assert winner is wins
    says = {None: "The test continues", True: "The challenger wins", False: "The incumbent stays"}
    assert why.startswith(says[wins])
    assert f"errors {100 * challenger / of:.4g} % against {100 * incumbent / of:.4g} %" in why
    assert "with 95 % confidence" in why


def test_without_confidence_the_means_decide_and_it_is_said() -> None:
    bare = rule(confidence=0)
    assert bare.decide(failures(1, 100), failures(0, 100))[0] is True
    wins, why = bare.decide(failures(0, 100), failures(1, 100))
    assert wins is False
    assert why.endswith("better by -1; min_gain is 0, not tested for significance.")


def test_a_mean_decides_by_its_error() -> None:
    """Bounds of 30 - 20 with errors of 1 and 1 and 10 periods each: 10 -+ 1.7341 x sqrt(2)."""
    slow, fast = (Record(f"{ms}", 500, 0, ms, 1.0, 10) for ms in (30.0, 20.0))
    wins, why = rule("latency", 7.5).decide(slow, fast)
    assert (wins, why) == (
        True,
        "The challenger wins: latency 20 ms against 30 ms, better by 10; with 95 % confidence "
        "at least 7.548; min_gain is 7.5.",
    )
    assert rule("latency", 7.6).decide(slow, fast)[0] is None
    assert rule("latency", 12.5).decide(slow, fast)[0] is False
    assert Rule("n:m", Direction.MAXIMIZE, 7.5, 0.95).decide(fast, slow)[0] is True


def test_too_few_periods_leave_a_mean_undecided() -> None:
    unsure = Record("new", 500, 0, 20.0, None, 3)
    wins, why = rule("latency").decide(Record("old", 500, 0, 30.0, 1.0, 10), unsure)
    assert wins is None
    assert "from 3 and 10 periods; a confidence needs at least 5 of each" in why


def test_more_failures_end_a_contest_only_if_they_are_no_chance() -> None:
    good = failures(0, 100)
    assert rule().harm(good, failures(2, 100), 1.0) is None
    assert rule().harm(good, failures(10, 1000), 1.0) is None  # sure, and allowed
    why = rule().harm(good, failures(5, 100), 1.0)
    assert why == (
        "The challenger loses: 5.0 % of its 100 requests failed, against 0.0 % of the incumbent's."
    )
    assert rule(confidence=0).harm(good, failures(2, 100), 1.0)


@pytest.mark.parametrize("confidence", [0.5, 1.0, -0.95, 95.0])
def test_what_is_no_confidence_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="0 to compare without a test"):
        rule(confidence=confidence)
