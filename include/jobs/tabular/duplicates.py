"""Show where keys occur again, which their hashes alone do not say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from .hashing import Hashes, hashes_of
from .reading import Rows, blocks
from .schema import Schema
from .sources import BadFile, Role, Source
from .violations import Violation, Violations

EXAMINED = 1000  # repeated hashes of which the keys are compared
RULE = "duplicate"


def duplicates(
    schema: Schema, sources: Iterable[Source], repeated: Hashes, surplus: int
) -> Violations:
    """Return the violations of keys that occur more than once in a window, with their places.

    *surplus* is the number of occurrences after the first. Up to EXAMINED hashes, keys that only
    share a hash are distinguished; with more, some are duplicates for certain.
    """
    violations = Violations()
    examined = np.sort(repeated)[:EXAMINED]
    first: dict[bytes, str] = {}
    for source, row, key in _occurrences(schema, sources, examined):
        place = f"row {row} of {source.uri}"
        if key not in first:
            first[key] = place
            continue
        shown = schema.shown(schema.key, key.decode(errors="replace"))
        sentence = f"the key {shown} is in {first[key]} already. Keep one of the two rows."
        violations.add(Violation(RULE, source.uri, sentence, schema.key, row))
    if len(repeated) > EXAMINED:
        violations.counts[RULE] = surplus
    return violations


def _occurrences(
    schema: Schema, sources: Iterable[Source], examined: Hashes
) -> Iterator[tuple[Source, int, bytes]]:
    """Yield every record whose key has one of the hashes."""
    for source in sources:
        rows = Rows()
        try:
            for block in blocks(schema, source, source.role != Role.UNLABELLED, rows):
                cells = block.columns[schema.key]
                for index in np.flatnonzero(np.isin(hashes_of(cells), examined)).tolist():
                    if key := _bytes(cells[index].as_py()):
                        yield source, rows.number(block.first + index), key
        except BadFile:
            continue  # it is reported as a file


def _bytes(key: str | bytes) -> bytes:
    return key if isinstance(key, bytes) else key.encode()
