"""Serve a selection of a record's columns, before a model that takes fewer of them.

The handlers of the scikit-learn image for the first container of an inference pipeline. A transform
job's InputFilter does the same, with at most 63 characters for all places.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence

from .records import CSV

COLUMNS = "PRODML_COLUMNS"


def ranges(places: Sequence[int]) -> str:
    """Return the places as text: `0-5,7` of 0 to 5 and 7, in their order."""
    parts: list[list[int]] = []
    for place in places:
        if parts and parts[-1][-1] + 1 == place:
            parts[-1] = [parts[-1][0], place]
        else:
            parts.append([place])
    return ",".join("-".join(map(str, part)) for part in parts)


def places_of(text: str) -> list[int]:
    """Return the places that *text* of :func:`ranges` names."""
    ends = [[int(end) for end in part.split("-")] for part in text.split(",")]
    return [place for part in ends for place in range(part[0], part[-1] + 1)]


def model_fn(model_dir: str) -> list[int]:
    """Return the places of the columns that pass."""
    return places_of(os.environ[COLUMNS])


def transform_fn(
    model: list[int], body: str | bytes, content_type: str, accept: str
) -> tuple[str, str]:
    """Return CSV records with the columns that pass, in their order."""
    text = body if isinstance(body, str) else bytes(body).decode()
    lines = io.StringIO()
    rows = filter(None, csv.reader(io.StringIO(text, newline="")))
    csv.writer(lines, lineterminator="\n").writerows([row[at] for at in model] for row in rows)
    return lines.getvalue(), CSV
