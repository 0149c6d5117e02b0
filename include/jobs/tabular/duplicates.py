"""Show where keys occur again, which their hashes alone do not say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from .hashing import Hashes, hashes_of
from .reading import Rows, blocks
from .schema import Schema
from .sources import BadFile, Role, Source
from .violations import SHOWN, Violation, Violations

EXAMINED = 1000  # repeated hashes of which the keys are compared
RULE = "duplicate"
Json = dict[str, Any]


def occurrences(schema: Schema, source: Source, examined: Hashes) -> Json:
    """Return where the keys with one of the hashes are in a file, and how many there are.

    Each key's first place is kept, and of the others as many as are shown.
    """
    places, known, surplus = [], set(), 0
    for row, key in _rows(schema, source, examined):
        if key in known:
            surplus += 1
        if key not in known or surplus <= SHOWN:
            places.append((row, key.decode(errors="surrogateescape")))
        known.add(key)
    return {"places": places, "count": len(known) + surplus}


def duplicates(
    schema: Schema,
    files: Iterable[tuple[Source, Json]],
    repeated: Hashes,
    surplus: int,
) -> Violations:
    """Return the violations of keys that occur more than once in a window, with their places.

    *files* have the occurrences of those in :func:`examined`, in their order; *surplus* is the
    number of occurrences after the first. Up to EXAMINED hashes, keys that only share a hash are
    distinguished; with more, some are duplicates for certain.
    """
    violations, count = Violations(), 0
    first: dict[str, str] = {}
    for source, places in files:
        count += places["count"]
        for row, key in places["places"]:
            place = f"row {row} of {source.uri}"
            if key not in first:
                first[key] = place
            elif violations.room(RULE):
                violations.add(_violation(schema, source, row, key, first[key]))
    count -= len(first)
    if count:
        violations.counts[RULE] = surplus if len(repeated) > EXAMINED else count
    return violations


def examined(repeated: Hashes) -> Sequence[int]:
    """Return the hashes of which the keys are compared."""
    numbers: list[int] = np.sort(repeated)[:EXAMINED].tolist()
    return numbers


def _violation(schema: Schema, source: Source, row: int, key: str, first: str) -> Violation:
    text = key.encode(errors="surrogateescape").decode(errors="replace")
    shown = schema.shown(schema.key, text)
    sentence = f"the key {shown} is in {first} already. Keep one of the two rows."
    return Violation(RULE, source.uri, sentence, schema.key, row)


def _rows(schema: Schema, source: Source, examined: Hashes) -> Iterator[tuple[int, bytes]]:
    """Yield every record whose key has one of the hashes."""
    rows = Rows()
    try:
        for block in blocks(schema, source, source.role != Role.UNLABELLED, rows):
            cells = block.columns[schema.key]
            for index in np.flatnonzero(np.isin(hashes_of(cells), examined)).tolist():
                if key := _bytes(cells[index].as_py()):
                    yield rows.number(block.first + index), key
    except BadFile:
        return  # it is reported as a file


def _bytes(key: str | bytes) -> bytes:
    return key if isinstance(key, bytes) else key.encode()
