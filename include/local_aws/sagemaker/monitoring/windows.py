"""The due times of a monitoring schedule, and the data window of its executions."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from ...core.schedule_expressions import parsed
from ...core.store import Doc
from ...wire.errors import validation

NOW = "NOW"
DAILY = "cron(0 0 ? * * *)"  # without a ScheduleConfig, AWS picks an hour of the day
# The documented forms of ScheduleConfig: hourly, daily, and every n hours.
CRON = re.compile(r"cron\(0 (\*|([01]?\d|2[0-3])(/(0?[1-9]|1\d|2[0-4]))?) \? \* \* \*\)")
N = r"(\d{1,6})"  # more digits exceed the calendar
OFFSET = re.compile(rf"([+-]?)P(?:{N}D)?(?:T(?:{N}H)?(?:{N}M)?(?:{N}S)?)?")
HOUR, DAY = 3600.0, 86400.0


@dataclass(frozen=True)
class ScheduleClock:
    """A schedule's clock, which runs at the time scale since *since*, its creation."""

    since: float
    scale: float

    def nominal(self, true: float) -> float:
        return self.since + (true - self.since) * self.scale

    def true(self, nominal: float) -> float:
        return self.since + (nominal - self.since) / self.scale


def expression(config: Doc) -> str:
    """Return the schedule expression of a MonitoringScheduleConfig."""
    return str(config.get("ScheduleConfig", {}).get("ScheduleExpression", DAILY))


def check(config: Doc) -> None:
    """Refuse an unsupported schedule, with the error of CreateMonitoringSchedule."""
    given = config.get("ScheduleConfig", {})
    schedule = expression(config)
    if schedule != NOW and not CRON.fullmatch(schedule):
        raise validation(
            f"ScheduleExpression {schedule!r} is not supported. Use cron(0 * ? * * *), "
            "cron(0 [00-23] ? * * *), cron(0 [00-23]/[01-24] ? * * *) or NOW."
        )
    bounds = [given.get(f"DataAnalysis{end}Time") for end in ("Start", "End")]
    if schedule == NOW and not all(bounds):
        raise validation("NOW needs DataAnalysisStartTime and DataAnalysisEndTime.")
    if any(bounds):
        start, end = (seconds(bound or "PT0S") for bound in bounds)
        if not start < end <= start + DAY:
            raise validation(
                f"The window from {bounds[0]} to {bounds[1]} must be longer than zero and no "
                "longer than 24 hours."
            )


def seconds(offset: str) -> float:
    """Return the seconds of a duration: `-PT5H` is -18000; raise ValidationException."""
    match = OFFSET.fullmatch(offset)
    if not match or not any(match.groups()[1:]):
        raise validation(f"{offset!r} is not an ISO 8601 duration. Write it like -PT5H or -P1D.")
    days, hours, minutes, rest = (int(group or 0) for group in match.groups()[1:])
    total = days * DAY + hours * HOUR + minutes * 60 + rest
    return -total if match[1] == "-" else total


def last_due(config: Doc, after: float, now: float) -> float | None:
    """Return the latest due time after *after*, up to *now*, by the schedule's clock."""
    schedule = parsed(expression(config), after)
    latest = None
    due = schedule.after(after)
    while due is not None and due <= now:
        latest, due = due, schedule.after(due)
    return latest


def window(config: Doc, source: Doc, due: float) -> tuple[float, float]:
    """Return the data window: the configured offsets, else since the previous due time."""
    given = config.get("ScheduleConfig", {})
    start = given.get("DataAnalysisStartTime") or source.get("StartTimeOffset")
    end = given.get("DataAnalysisEndTime") or source.get("EndTimeOffset")
    began = due + seconds(start) if start else _before(config, due)
    return began, due + (seconds(end) if end else 0.0)


def _before(config: Doc, due: float) -> float:
    """Return the due time before *due*, at most one day earlier."""
    previous = last_due(config, due - DAY - 1, due - 1)
    return due - DAY if previous is None else previous


def stamp(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def folder(moment: float) -> str:
    return time.strftime("%Y/%m/%d/%H", time.gmtime(moment))


def hours(start: float, end: float) -> list[str]:
    """Return the hourly folders of captured data that overlap a window."""
    first = int(start // HOUR)
    last = max(first, int((end - 1e-6) // HOUR))
    return [folder(hour * HOUR) for hour in range(first, last + 1)]
