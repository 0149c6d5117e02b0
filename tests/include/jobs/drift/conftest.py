"""A baseline of 3,000 rows, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.include.jobs.drift.data import drift, rows, write_table


@pytest.fixture(scope="package")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("baseline")
    done = drift("baseline", write_table(folder / "b.csv", rows(3000, 1)), "--output", folder)
    assert done.returncode == 0, done.stderr
    return folder
