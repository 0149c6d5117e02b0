"""Columns of texts in which a shift could not be seen, in words for the report."""

from __future__ import annotations

import re

from .columns import STRING, Column
from .numerals import NUMBER
from .statistics import Profile

DISTINCT = 0.5  # share of different values, above which shares say nothing
COMMON = 0.05  # share of the commonest of many values, below which no distance shows a shift
ENOUGH = 100  # cells, or different values, below which they are no share
NUMERIC = re.compile(NUMBER)
SEVERAL = 20  # different values below which numbers with units are categories
FIGURE = r"[-+]?(?:\d[\d,]*\.\d+|\d[\d.]*,\d+)"
UNREAD = re.compile(
    rf"\W{{0,3}}[^\W\d]{{0,8}}\W{{0,6}}{FIGURE}(?P<unit>\s?[^\d\s.,](?:\D{{0,15}}|\S{{0,5}}))?"
    r"|\d+(?P<units> ?[^\W\d]\D{0,15})"
)
UNITS = 10  # different units, above which what follows numbers are words
MOST = 0.9  # of the values
DIGIT = re.compile(r"\d")


def unjudged(was: Profile, now: Profile) -> list[str]:
    """Name the columns of which nearly every value is different."""
    return [
        f"Nearly every value of {name} is different: it is text whose drift cannot be judged. "
        "Exclude it, or correct how it is written."
        for name, column in now.columns.items()
        if is_distinct(column) or (name in was.columns and is_distinct(was.columns[name]))
    ]


def is_distinct(column: Column) -> bool:
    """Return whether no distance between shares could show a shift of a column of texts."""
    if column.kind != STRING or column.present < ENOUGH:
        return False
    counts = column.texts.counts
    different = len(counts) + column.texts.other
    if different > DISTINCT * column.present:
        return True
    return different >= ENOUGH and max(counts.values()) < COMMON * column.present


def undecided(was: Column, now: Column) -> str | None:
    """Return an example of texts with digits (times, dates, codes) whose shift is not seen."""
    if not (is_distinct(was) and is_distinct(now)):
        return None
    counts = now.texts.counts
    numbered = [value for value in counts if DIGIT.search(value)]
    return numbered[0] if len(numbered) >= MOST * len(counts) else None


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
    matches = [match for value in values if (match := UNREAD.fullmatch(value.strip()))]
    units = {match["unit"] or match["units"] for match in matches}
    most = len(matches) >= MOST * len(column.texts.counts) and len(units) <= UNITS
    return matches[0].string if most else None
