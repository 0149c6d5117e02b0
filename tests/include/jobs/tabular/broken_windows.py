"""A small window, and the violations after one of its files was changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.jobs.tabular.schema import Schema
from include.jobs.tabular.violations import Violations
from include.jobs.tabular.window import BadData
from tests.include.jobs.tabular.window_files import SCHEMA, prepared, rows_of

OLDER, HOLDOUT = rows_of(0, 40), rows_of(400, 20)
NEWEST = "2024-01-08.csv"


def violations_of(raw: Path, schema: Schema = SCHEMA) -> Violations:
    with pytest.raises(BadData) as caught:
        prepared(raw, raw.parent / "output", schema)
    assert not (raw.parent / "output").exists()
    return caught.value.violations
