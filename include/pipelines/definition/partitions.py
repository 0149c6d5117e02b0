"""State how a pipeline's raw data are divided by time, and how much of them is held out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from include.jobs.tabular.partitions import FORMATS, parse
from include.pipelines.errors import PipelineError

HOUR, DAY, WEEK, MONTH = "hour", "day", "week", "month"
EXAMPLE = datetime(2024, 1, 1, tzinfo=UTC)


class Rhythm(NamedTuple):
    """The facts of one length of partitions.

    *forms* are the forms of a name, the preferred one first; *window* is how many partitions a
    retrain learns from unless the pipeline states it.
    """

    cron: str
    forms: tuple[str, ...]
    longest: timedelta
    window: int


RHYTHMS: Mapping[str, Rhythm] = {
    HOUR: Rhythm("0 * * * *", ("%Y-%m-%dT%H",), timedelta(hours=1), 28 * 24),
    DAY: Rhythm("0 0 * * *", ("%Y-%m-%d",), timedelta(days=1), 56),
    WEEK: Rhythm("0 0 * * 1", ("%Y-%m-%d",), timedelta(days=7), 8),
    MONTH: Rhythm("0 0 1 * *", ("%Y-%m", "%Y-%m-%d"), timedelta(days=31), 12),
}


@dataclass(frozen=True)
class Partitions:
    """
    The partitions of a pipeline's raw data: files or folders that are named by their time.

    :param every: ``hour``, ``day``, ``week`` (from a Monday on) or ``month``.
    :param settled_after: A folder without ``_SUCCESS`` is complete when its newest object is older.
    :param window: How many partitions a retrain learns from, unless the form says otherwise; None
        for 28 days of hours, 56 days, 8 weeks or 12 months.
    :param formats: The suffixes of the files; those of tables, unless the pipeline has a
        preprocessing of its own.
    """

    every: str = WEEK
    settled_after: timedelta = timedelta(minutes=15)
    window: int | None = None
    formats: tuple[str, ...] = FORMATS

    def __post_init__(self) -> None:
        if self.every not in RHYTHMS:
            raise PipelineError(f"every is {self.every!r}. Use one of {list(RHYTHMS)}.")
        if self.window is not None and self.window < 2:
            raise PipelineError(f"window is {self.window}. Set at least 2: one is held out.")

    @property
    def cron(self) -> str:
        """Return when a partition's time has passed, as a cron expression in UTC."""
        return RHYTHMS[self.every].cron

    @property
    def longest(self) -> timedelta:
        """Return the length of a partition; of a month, the longest."""
        return RHYTHMS[self.every].longest

    @property
    def number(self) -> int:
        """Return how many partitions a retrain learns from by default."""
        return self.window or RHYTHMS[self.every].window

    def start(self, text: str) -> datetime | None:
        """Return the first instant of the partition that *text* names; None for other text."""
        try:
            start = self.covering(parse(text))
        except ValueError:
            return None
        names = {start.strftime(form) for form in RHYTHMS[self.every].forms}
        return start if text in names else None

    def suggested(self, text: str) -> str:
        """Return the name of the partition that *text* may mean."""
        try:
            return self.name(self.covering(parse(text)))
        except ValueError:
            return self.name(self.covering(EXAMPLE))

    def name(self, start: datetime) -> str:
        """Return the name of the partition that begins at *start*."""
        return start.strftime(RHYTHMS[self.every].forms[0])

    def covering(self, moment: datetime) -> datetime:
        """Return the start of the partition whose time includes *moment*."""
        start = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if self.every == HOUR:
            return start
        start = start.replace(hour=0)
        if self.every == MONTH:
            return start.replace(day=1)
        return start - timedelta(days=start.weekday()) if self.every == WEEK else start

    def end(self, start: datetime) -> datetime:
        """Return the first instant after the partition that begins at *start*."""
        return self.covering(start + self.longest)


@dataclass(frozen=True)
class Holdout:
    """
    The newest rows, which no model learns from: those of the newest partitions that cover a time.

    :param duration: The time that they cover at least.
    :param rows: The least number of rows; fewer make a comparison of models meaningless.
    """

    duration: timedelta = timedelta(days=7)
    rows: int = 30

    def __post_init__(self) -> None:
        if self.duration <= timedelta(0) or self.rows < 1:
            raise PipelineError(
                f"The holdout is {self.duration} and {self.rows} rows. Set both above 0."
            )
