"""The places of a pipeline's partitions, and what a folder lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.pipelines.data.landing import COMMITTED, Folder, Item, Prefix, places
from include.settings import settings


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    for name in ("2024-01-08.csv", "2024-01-01/b/part-1.csv", "2024-01-01/_SUCCESS"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a\n1\n")
    return Folder(tmp_path)


def test_names_of_folders_end_with_a_slash(folder: Folder) -> None:
    assert list(folder.names()) == ["2024-01-01/", "2024-01-08.csv"]
    assert folder.address == f"{folder.root}/"


def test_folder_that_does_not_exist_has_no_names(tmp_path: Path) -> None:
    assert list(Folder(tmp_path / "none").names()) == []
    assert Folder(tmp_path / "none").items("2024-01-01/") == []
    assert Folder(tmp_path).items("2024-01-01.csv") == []


def test_items_are_the_files_below_a_folder(folder: Folder) -> None:
    items = folder.items("2024-01-01/")
    assert [item.name for item in items] == ["2024-01-01/_SUCCESS", "2024-01-01/b/part-1.csv"]


def test_item_of_a_file_has_its_size_and_time(folder: Folder) -> None:
    path = folder.root / "2024-01-08.csv"
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    assert folder.items(path.name) == [Item("2024-01-08.csv", 4, modified, "")]


@pytest.fixture
def landing_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    settings.cache_clear()


@pytest.mark.parametrize("landing", ["s3://company/exports", "s3://company/exports/"])
def test_landing_in_s3_has_no_committed_samples(
    landing_at: pytest.MonkeyPatch, landing: str
) -> None:
    landing_at.setenv("PRODML_LANDING", landing)
    settings.cache_clear()
    assert places("churn") == [Prefix("s3://company/exports/churn/")]


def test_own_folder_comes_after_the_committed_samples(
    landing_at: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    landing_at.setenv("PRODML_LANDING", str(tmp_path))
    settings.cache_clear()
    assert places("churn") == [Folder(COMMITTED / "churn"), Folder(tmp_path / "churn")]
