"""AWS's schedule expressions: `at(...)`, `rate(...)` and six-field `cron(...)`."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

UNITS = {"minute": 60, "hour": 3600, "day": 86400}
MONTHS = [name.upper() for name in calendar.month_abbr]  # JAN is 1
DAYS = ["", "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]  # SUN is 1
LIMITS = {"minutes": (0, 59), "hours": (0, 23), "month": (1, 12), "year": (1970, 2199)}
LONGEST = 9  # digits of a rate
FAR = 8  # years to search for the next due time: leap days are four or eight apart


class Schedule(Protocol):
    """Computes the next due time after another one; both are seconds since the epoch."""

    def after(self, moment: float) -> float | None: ...


@dataclass(frozen=True)
class At:
    """Due once."""

    moment: float

    def after(self, moment: float) -> float | None:
        return self.moment if self.moment > moment else None


@dataclass(frozen=True)
class Rate:
    """Due at a fixed interval, counted from *start*."""

    seconds: float
    start: float

    def after(self, moment: float) -> float | None:
        return self.start + max(0.0, (moment - self.start) // self.seconds + 1) * self.seconds


@dataclass(frozen=True)
class Cron:
    """Due at the minutes that all fields match, in the time zone *zone*."""

    minutes: frozenset[int]
    hours: frozenset[int]
    day_of_month: str
    months: frozenset[int]
    day_of_week: str
    years: frozenset[int]
    zone: ZoneInfo

    def after(self, moment: float) -> float | None:
        began = dt.datetime.fromtimestamp(moment, self.zone)
        day = began.date()
        for _ in range(366 * FAR):
            for due in self._on(day):
                if due > moment:
                    return due
            day += dt.timedelta(days=1)
        return None

    def _on(self, day: dt.date) -> list[float]:
        if day.year not in self.years or day.month not in self.months or not self._fits(day):
            return []
        return [
            dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone).timestamp()
            for hour in sorted(self.hours)
            for minute in sorted(self.minutes)
        ]

    def _fits(self, day: dt.date) -> bool:
        last = calendar.monthrange(day.year, day.month)[1]
        if self.day_of_month == "L":
            return day.day == last
        if self.day_of_week == "?":
            return day.day in _numbers(self.day_of_month, 1, 31)
        number = (day.isoweekday() % 7) + 1
        if match := re.fullmatch(r"(\w+)#([1-5])", self.day_of_week):
            return number == _number(match[1], DAYS) and (day.day - 1) // 7 + 1 == int(match[2])
        if match := re.fullmatch(r"(\w+)L", self.day_of_week):
            return number == _number(match[1], DAYS) and day.day + 7 > last
        return number in _numbers(self.day_of_week, 1, 7, DAYS)


def parsed(expression: str, start: float, zone: str = "UTC") -> Schedule:
    """Parse an expression; raise ValueError with the reason. A rate counts from *start*."""
    match = re.fullmatch(r"(at|rate|cron)\((.*)\)", expression.strip())
    if match is None:
        raise ValueError(f"Schedule {expression!r} is not at(...), rate(...) or cron(...).")
    kind, inside = match[1], match[2].strip()
    if kind == "rate":
        return Rate(_seconds(inside), start)
    try:
        where = ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise ValueError(f"Timezone {zone!r} is unknown. Use an IANA name.") from None
    return _at(inside, where) if kind == "at" else _cron(inside, where)


def _at(text: str, zone: ZoneInfo) -> At:
    try:
        return At(dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=zone).timestamp())
    except ValueError:
        raise ValueError(f"at({text}) is not of the form at(yyyy-mm-ddThh:mm:ss).") from None


def _seconds(text: str) -> float:
    match = re.fullmatch(r"([1-9]\d*) (minute|hour|day)(s?)", text)
    if match is None or (match[1] == "1") == bool(match[3]):
        raise ValueError(f"rate({text}) is not of the form rate(5 minutes) or rate(1 hour).")
    if len(match[1]) > LONGEST:
        raise ValueError(f"rate({text[:40]}) is too long. Use no more than {LONGEST} digits.")
    return float(int(match[1]) * UNITS[match[2]])


def _cron(text: str, zone: ZoneInfo) -> Cron:
    fields = text.upper().split()
    if len(fields) != 6:
        raise ValueError(f"cron({text}) has {len(fields)} fields: AWS has six, the year is last.")
    minutes, hours, day_of_month, month, day_of_week, year = fields
    if (day_of_month == "?") == (day_of_week == "?"):
        raise ValueError(f"cron({text}): exactly one of the day fields must be '?'.")
    schedule = Cron(
        minutes=_numbers(minutes, *LIMITS["minutes"]),
        hours=_numbers(hours, *LIMITS["hours"]),
        day_of_month=day_of_month,
        months=_numbers(month, *LIMITS["month"], MONTHS),
        day_of_week=day_of_week,
        years=_numbers(year, *LIMITS["year"]),
        zone=zone,
    )
    schedule._fits(dt.date(2024, 1, 1))  # parses the day fields and reports errors in them now
    return schedule


def _numbers(text: str, low: int, high: int, names: list[str] | None = None) -> frozenset[int]:
    """Parse `*`, `5`, `1-5`, `0/15`, `MON-FRI`, and lists of these."""
    numbers: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if first == "*":
            begin, end = low, high
        else:
            begin = _number(first, names)
            end = _number(last, names) if last else (high if step else begin)
        if not low <= begin <= end <= high or not (step or "1").isdigit() or step == "0":
            raise ValueError(f"Field {text!r} of a cron expression is not within {low}-{high}.")
        numbers.update(range(begin, end + 1, int(step or 1)))
    return frozenset(numbers)


def _number(text: str, names: list[str] | None) -> int:
    if names and text in names and text:
        return names.index(text)
    if not text.isdigit():
        raise ValueError(f"{text!r} in a cron expression is not a valid value.")
    return int(text)
