from __future__ import annotations

import datetime as dt

import pytest

from include.local_aws.core.schedule_expressions import parsed

FORM = "%Y-%m-%dT%H:%M:%S"
MONDAY = "2026-11-23T10:30:30"


def _moment(text: str) -> float:
    return dt.datetime.strptime(text, FORM).replace(tzinfo=dt.UTC).timestamp()


def _next(expression: str, moment: str = MONDAY, zone: str = "UTC") -> str | None:
    due = parsed(expression, _moment(MONDAY), zone).after(_moment(moment))
    return None if due is None else dt.datetime.fromtimestamp(due, dt.UTC).strftime(FORM)


@pytest.mark.parametrize(
    ("expression", "due"),
    [
        ("at(2026-11-24T07:00:00)", "2026-11-24T07:00:00"),
        ("at(2026-11-23T07:00:00)", None),
        ("rate(5 minutes)", "2026-11-23T10:35:30"),
        ("rate(1 day)", "2026-11-24T10:30:30"),
        ("cron(0 9 * * ? *)", "2026-11-24T09:00:00"),
        ("cron(0/15 * * * ? *)", "2026-11-23T10:45:00"),
        ("cron(0 18 ? * MON-FRI *)", "2026-11-23T18:00:00"),
        ("cron(0 8 ? * SUN *)", "2026-11-29T08:00:00"),
        ("cron(0 8 ? * 1 *)", "2026-11-29T08:00:00"),
        ("cron(30 6 L * ? *)", "2026-11-30T06:30:00"),
        ("cron(0 0 ? * 6L *)", "2026-11-27T00:00:00"),
        ("cron(0 0 ? * TUE#1 *)", "2026-12-01T00:00:00"),
        ("cron(0 0 29 FEB ? *)", "2028-02-29T00:00:00"),
        ("cron(0 0 1 1 ? 2025)", None),
        ("cron(0,20 10,11 * * ? *)", "2026-11-23T11:00:00"),
    ],
)
def test_next_due_time(expression: str, due: str | None) -> None:
    assert _next(expression) == due


def test_rate_counts_from_its_start() -> None:
    assert _next("rate(5 minutes)", "2026-11-23T10:41:00") == "2026-11-23T10:45:30"


def test_time_zone_moves_with_daylight_saving() -> None:
    assert _next("cron(0 9 * * ? *)", zone="Europe/Berlin") == "2026-11-24T08:00:00"
    summer = "2026-07-01T12:00:00"
    assert _next("cron(0 9 * * ? *)", summer, "Europe/Berlin") == "2026-07-02T07:00:00"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("every day", "not at"),
        ("at(tomorrow)", "at\\(yyyy-mm-ddThh:mm:ss\\)"),
        ("rate(1 minutes)", "rate\\(1 hour\\)"),
        ("rate(0 minutes)", "rate\\(1 hour\\)"),
        (f"rate({'9' * 400} minutes)", "no more than 9 digits"),
        ("cron(0 9 * * ?)", "AWS has six"),
        ("cron(0 9 * * * *)", "exactly one of the day fields"),
        ("cron(61 9 * * ? *)", "not within 0-59"),
        ("cron(0 9 ? * FUNDAY *)", "is not a valid value"),
        ("cron(0 9 15W * ? *)", "is not a valid value"),
    ],
)
def test_invalid_expression_is_refused_with_the_reason(expression: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parsed(expression, 0.0)


def test_unknown_time_zone_is_named() -> None:
    with pytest.raises(ValueError, match="Timezone 'Mars/Base' is unknown"):
        parsed("cron(0 9 * * ? *)", 0.0, "Mars/Base")
