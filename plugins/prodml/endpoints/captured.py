"""Find the folders of captured traffic that have data in a window.

SageMaker writes captured requests below ``yyyy/mm/dd/hh``, in UTC. A job reads whole folders, and
takes few of them, so the narrowest step whose folders fit is used: hours, days, or everything.
AWS does not say whether an answer that is uploaded late lies in the folder of its hour or of the
upload's, so the hour after the window is read too; the job reads by the time of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from prodml.aws.s3 import holds_something, join
from prodml.exceptions import InvalidInputError

MOST_LISTED = 48  # folders to list one by one
LATE = timedelta(hours=1)  # after its answer, a capture may be uploaded
MOST_INPUTS = 3  # SageMaker takes ten inputs; code, baseline and the other inputs need the rest
STEPS = ((timedelta(hours=1), "%Y/%m/%d/%H"), (timedelta(days=1), "%Y/%m/%d"))


def captured(s3: Any, roots: Sequence[str], start: datetime, end: datetime) -> list[str]:
    """Return the folders below *roots* that have data from *start* to *end*, which is excluded.

    The first and the last one can contain data from outside of the window.
    """
    for step, form in STEPS:
        candidates = _between(roots, start, end + LATE, step, form)
        if len(candidates) <= MOST_LISTED:
            with_data = [uri for uri in candidates if holds_something(s3, uri)]
            if len(with_data) <= MOST_INPUTS:
                return with_data
    whole = [uri for root in roots if holds_something(s3, uri := f"{root.rstrip('/')}/")]
    if len(whole) > MOST_INPUTS:
        raise InvalidInputError(
            f"Traffic of {len(whole)} endpoint configurations is in the window, and one job "
            f"reads that of {MOST_INPUTS} at most. Check shorter windows."
        )
    return whole


def _between(
    roots: Sequence[str], start: datetime, end: datetime, step: timedelta, form: str
) -> list[str]:
    """Return the folders of each *step* that overlaps the window."""
    hour = start.replace(minute=0, second=0, microsecond=0)
    first = hour.replace(hour=0) if step.days else hour
    candidates: list[str] = []
    while first < end:
        candidates += [join(root, first.strftime(form)) + "/" for root in roots]
        first += step
    return candidates
