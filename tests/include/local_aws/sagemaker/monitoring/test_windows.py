from __future__ import annotations

from datetime import UTC, datetime

import pytest

from include.local_aws.sagemaker.monitoring import windows
from include.local_aws.wire.errors import AwsError

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()
HOUR = 3600.0
HOURLY = {"ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"}}


def config(expression: str, start: str | None = None, end: str | None = None) -> dict[str, object]:
    bounds = {"DataAnalysisStartTime": start, "DataAnalysisEndTime": end}
    given = {key: value for key, value in bounds.items() if value}
    return {"ScheduleConfig": {"ScheduleExpression": expression} | given}


@pytest.mark.parametrize(
    "taken",
    [
        {},
        HOURLY,
        config("cron(0 12 ? * * *)"),
        config("cron(0 00/6 ? * * *)"),
        config("cron(0 17/12 ? * * *)"),
        config("cron(0 * ? * * *)", "-PT5H", "-PT1H"),
        config("NOW", "-PT1H", "-PT0H"),
        config("NOW", "-P1D", "-PT0H"),
    ],
)
def test_documented_forms_are_accepted(taken: dict[str, object]) -> None:
    windows.check(taken)


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (config("cron(0/15 * ? * * *)"), "not supported"),
        (config("cron(0 * ? * MON *)"), "not supported"),
        (config("cron(0 24 ? * * *)"), "not supported"),
        (config("rate(1 hour)"), "not supported"),
        (config("NOW"), "needs DataAnalysisStartTime"),
        (config("NOW", "-PT1H", "-PT2H"), "longer than zero"),
        (config("NOW", "-PT25H", "-PT0H"), "no longer than 24 hours"),
        (config("NOW", "-1 hour", "-PT0H"), "not an ISO 8601 duration"),
        (config("NOW", "-P", "-PT0H"), "not an ISO 8601 duration"),
        (config("NOW", f"-P{'9' * 400}D", "-PT0H"), "not an ISO 8601 duration"),
    ],
)
def test_undocumented_forms_are_refused(refused: dict[str, object], message: str) -> None:
    with pytest.raises(AwsError, match=message):
        windows.check(refused)


@pytest.mark.parametrize(
    ("expression", "hours"),
    [
        ("cron(0 * ? * * *)", [12, 13, 14, 15]),
        ("cron(0 13 ? * * *)", [13, 37]),
        ("cron(0 0/6 ? * * *)", [12, 18, 24]),
        ("cron(0 17/12 ? * * *)", [17, 41]),
    ],
)
def test_due_hours(expression: str, hours: list[int]) -> None:
    asked, last = config(expression), NOON - 1
    due_hours: list[float] = []
    while len(due_hours) < len(hours):
        due = windows.last_due(asked, last, last + HOUR)
        if due:
            due_hours.append((due - NOON) / HOUR + 12)
        last += HOUR
    assert due_hours == hours


def test_several_missed_times_are_due_once() -> None:
    assert windows.last_due(HOURLY, NOON, NOON + 5 * HOUR + 60) == NOON + 5 * HOUR
    assert windows.last_due(HOURLY, NOON, NOON + 60) is None


@pytest.mark.parametrize(
    ("asked", "source", "expected"),
    [
        (HOURLY, {}, (-1, 0)),
        (config("cron(0 12 ? * * *)"), {}, (-24, 0)),
        (config("cron(0 0/6 ? * * *)"), {}, (-6, 0)),
        (config("cron(0 * ? * * *)", "-PT5H", "-PT1H"), {}, (-5, -1)),
        (HOURLY, {"StartTimeOffset": "-P2D", "EndTimeOffset": "-P1D"}, (-48, -24)),
    ],
)
def test_a_window_ends_at_the_due_hour_by_default(
    asked: dict[str, object], source: dict[str, str], expected: tuple[int, int]
) -> None:
    bounds = windows.window(asked, source, NOON)
    assert tuple((moment - NOON) / HOUR for moment in bounds) == expected


def test_folders_of_captured_hours() -> None:
    assert windows.hours(NOON, NOON + HOUR) == ["2026/03/02/12"]
    assert windows.hours(NOON - 1, NOON + 1) == ["2026/03/02/11", "2026/03/02/12"]


def test_consecutive_windows_of_a_compressed_schedule_meet() -> None:
    clock = windows.ScheduleClock(since=NOON + 7, scale=60)
    first, second = NOON + HOUR, NOON + 2 * HOUR
    assert clock.true(first) - (NOON + 7) == pytest.approx((HOUR - 7) / 60)
    assert clock.nominal(clock.true(second)) == pytest.approx(second)
    assert clock.true(second) - clock.true(first) == pytest.approx(60)
