"""Raw churn rows to write into files, and a landing folder that is its own."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from include.data.churn_world import Row, real_rows
from include.local_aws.testing import local_aws, local_aws_server
from include.settings import settings

__all__ = ["local_aws", "local_aws_server"]
WriteSlice = Callable[..., Path]


@pytest.fixture
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the churn pipeline in which labelled rows arrive."""
    monkeypatch.setenv("PRODML_LANDING", str(tmp_path))
    settings.cache_clear()
    folder = tmp_path / "churn"
    folder.mkdir()
    yield folder
    settings.cache_clear()


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    return real_rows()


def write_csv(path: Path, rows: Sequence[Row]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
