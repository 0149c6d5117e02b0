"""Windows of raw files, and the data sets of one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.local_aws.core.processes import free_port
from tests.include.jobs.tabular import broken_windows
from tests.include.jobs.tabular.window_files import HOLDOUT, OLDER, prepared, write_csv


@pytest.fixture(scope="session")
def data_sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of what one instance has made of three partitions."""
    raw, output = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("output")
    write_csv(raw / "2024-01-01.csv", OLDER[:150])
    write_csv(raw / "dt=2024-01-08" / "part-0.csv", OLDER[150:300])
    write_csv(raw / "dt=2024-01-08" / "part-1.csv", OLDER[300:])
    write_csv(raw / "2024-01-15.csv", HOLDOUT)
    prepared(raw, output)
    return output


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Return a small window that breaks no rule yet."""
    write_csv(tmp_path / "raw" / "2024-01-01.csv", broken_windows.OLDER)
    write_csv(tmp_path / "raw" / broken_windows.NEWEST, broken_windows.HOLDOUT)
    return tmp_path / "raw"


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first instance of a job listen on this machine."""
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")
    monkeypatch.setenv("MASTER_PORT", str(free_port()))
