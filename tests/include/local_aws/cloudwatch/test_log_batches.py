from __future__ import annotations

from collections.abc import Callable

import pytest

from include.local_aws.cloudwatch import log_batches
from include.local_aws.cloudwatch.logs import DAY
from include.local_aws.wire.errors import AwsError

Unique = Callable[[str], str]

NOW = 1_700_000_000_000


def test_lines_are_accepted_from_two_weeks_ago_to_two_hours_ahead() -> None:
    ages = [-15 * DAY, -14 * DAY, 0, 2 * 3_600_000, 2 * 3_600_000 + 1]
    lines = [(NOW + age, "x") for age in ages]
    taken, rejected = log_batches.accepted(lines, NOW, 0)
    assert taken == lines[1:4]
    assert rejected == {"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 4}


def test_retention_rejects_expired_events() -> None:
    lines = [(NOW - 2 * DAY, "x"), (NOW, "y")]
    taken, rejected = log_batches.accepted(lines, NOW, NOW - DAY)
    assert (taken, rejected) == ([lines[1]], {"expiredLogEventEndIndex": 1})


def test_sound_batch_has_nothing_rejected() -> None:
    assert log_batches.accepted([(NOW, "x")], NOW, 0) == ([(NOW, "x")], {})


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([(NOW, "ä" * 524_288)], "Log event too large: 1048602 bytes"),
        ([(NOW, "x" * 600_000)] * 2, "Upload too large: 1200052 bytes"),
        ([(NOW, "x"), (NOW - 1, "y")], "chronological order"),
        ([(NOW, "x"), (NOW + DAY + 1, "y")], "more than 24 hours"),
    ],
)
def test_batch_is_refused_as_a_whole(lines: list[tuple[int, str]], message: str) -> None:
    with pytest.raises(AwsError, match=message) as caught:
        log_batches.check(lines)
    assert caught.value.code == "InvalidParameterException"
