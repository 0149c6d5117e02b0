"""Keys that occur again are named with both places; keys that share a hash are not duplicates."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from include.jobs.tabular.duplicates import EXAMINED, RULE, duplicates, examined
from include.jobs.tabular.sources import Role, Source
from tests.include.jobs.tabular.broken_windows import HOLDOUT, NEWEST, OLDER, violations_of
from tests.include.jobs.tabular.window_files import SCHEMA, write_parquet


def test_a_key_that_occurs_again_in_any_file_is_a_duplicate(raw: Path) -> None:
    write_parquet(raw / "2024-01-08.csv", [*HOLDOUT, OLDER[3], OLDER[4], OLDER[4]])
    violations = violations_of(raw)
    assert violations.counts == {"duplicate": 3}
    first, _, last = violations.shown["duplicate"]
    assert str(first) == (
        f"{raw / NEWEST}, column 'id', row 22: the key 'customer-3' is in row 5 of "
        f"{raw / '2024-01-01.csv'} already. Keep one of the two rows."
    )
    assert last.row == 24


FIRST, SECOND = (Source("/raw/", f"2024-01-0{n}.csv", n, Role.OLDER) for n in (1, 2))


def test_keys_that_share_a_hash_are_no_duplicates() -> None:
    files = [
        (FIRST, {"places": [(2, "a")], "count": 1}),
        (SECOND, {"places": [(7, "b")], "count": 1}),
    ]
    assert not duplicates(SCHEMA, files, np.array([5], np.uint64), 1)


def test_with_more_hashes_than_are_examined_the_surplus_is_counted() -> None:
    repeated = np.arange(EXAMINED + 1, dtype=np.uint64)[::-1]
    assert examined(repeated) == [*range(EXAMINED)]
    files = [(FIRST, {"places": [(2, "a"), (3, "a")], "count": 2})]
    violations = duplicates(SCHEMA, files, repeated, 1234)
    assert violations.counts == {RULE: 1234}
    (shown,) = violations.shown[RULE]
    assert (shown.row, "'a' is in row 2 of /raw/2024-01-01.csv" in shown.sentence) == (3, True)
