"""Durations of a cache: ISO 8601, and AWS's forms without the P, such as `30dT5h`."""

from __future__ import annotations

import re

DAY = 86400
FORM = re.compile(
    r"P?(?:(?P<y>\d+)Y)?(?:(?P<mo>\d+)M)?(?:(?P<w>\d+)W)?(?:(?P<d>\d+)D)?"
    r"(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?)?",
    re.IGNORECASE,
)
SECONDS = {"y": 365 * DAY, "mo": 30 * DAY, "w": 7 * DAY, "d": DAY, "h": 3600, "m": 60, "s": 1}


def seconds(text: str) -> float:
    """Return the length of a duration; raise ValueError."""
    match = FORM.fullmatch(text)
    given = {unit: value for unit, value in match.groupdict().items() if value} if match else {}
    if not given:
        raise ValueError(f"{text!r} is not an ISO 8601 duration. Use one such as P30D or PT1H.")
    return float(sum(SECONDS[unit] * int(value) for unit, value in given.items()))
