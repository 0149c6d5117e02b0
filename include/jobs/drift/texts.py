"""Columns of texts in which a shift could not be seen, in words for the report."""

from __future__ import annotations

import re

from .columns import STRING, Column
from .numerals import NUMBER
from .statistics import Profile

DISTINCT = 0.5  # share of the values that occur once, above which shares say nothing
ENOUGH = 100  # cells below which they are no share
NUMERIC = re.compile(NUMBER)
SEVERAL = 20  # different values below which numbers with units are categories
FIGURE = r"[-+]?(?:\d[\d,]*\.\d+|\d[\d.]*,\d+)"
UNREAD = re.compile(
    rf"\W{{0,3}}[^\W\d]{{0,4}}\W{{0,2}}{FIGURE}(?:\s?[^\d\s.,]\S{{0,5}})?|\d+ ?[^\W\d]{{1,4}}"
)
MOST = 0.9  # of the values


def unjudged(was: Profile, now: Profile) -> list[str]:
    """Name the columns of which nearly every value is different."""
    return [
        f"Nearly every value of {name} is different: it is text whose drift cannot be judged. "
        "Exclude it, or correct how it is written."
        for name, column in now.columns.items()
        if is_distinct(column) or (name in was.columns and is_distinct(was.columns[name]))
    ]


def is_distinct(column: Column) -> bool:
    if column.kind != STRING or column.present < ENOUGH:
        return False
    return len(column.texts.counts) + column.texts.other > DISTINCT * column.present


def mixed(column: Column) -> tuple[float, str] | None:
    """Return the share of numbers in a column of mostly numbers, and what is not one."""
    if column.kind != STRING or not column.texts.counts:
        return None
    counts = column.texts.counts
    strays = {value: count for value, count in counts.items() if not NUMERIC.match(value)}
    share = 1.0 - sum(strays.values()) / counts.total()
    if not strays or share <= 0.5:
        return None
    return share, max(strays, key=lambda value: strays[value])


def unread(column: Column) -> str | None:
    """Return an example of texts that look like numbers in a notation that is not known."""
    values = [value for value in column.texts.counts if not NUMERIC.match(value)]
    if column.kind != STRING or len(values) < SEVERAL:
        return None
    alike = [value for value in values if UNREAD.fullmatch(value.strip())]
    return alike[0] if len(alike) >= MOST * len(column.texts.counts) else None
