"""Define a finding about a column, and the limits of a check by which findings are made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

ENOUGH = 100  # rows below which a verdict would be a guess
SIGMAS = 4.0  # a rate has changed only beyond this; by chance it happens once in 16,000 checks
POINTS = (0.01, 0.05)  # change of a rate that warns, and that alerts
DRIFT, QUALITY = "drift", "data_quality"


class Status(IntEnum):
    """The status of a column or a window, from good to bad."""

    OK = 0
    WARN = 1
    ALERT = 2


@dataclass(frozen=True)
class Finding:
    """One difference of a column from its baseline."""

    check: str
    kind: str  # drift or data_quality
    status: Status
    message: str
