"""Files in the order of their partitions, each with its use."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from include.jobs.tabular.sources import INPUT_ADDRESS, Role, labelled_sources, unlabelled_sources

FILES = ["dt=2024-01-08/b.csv", "2024-01-15.csv", "dt=2024-01-08/a.csv", "2024-01-01.csv"]
ORDERED = ["2024-01-01.csv", "dt=2024-01-08/a.csv", "dt=2024-01-08/b.csv", "2024-01-15.csv"]


def test_the_newest_partition_is_held_out() -> None:
    sources = labelled_sources("/raw/", FILES, None)
    assert [source.file for source in sources] == ORDERED
    assert [source.role for source in sources] == [*[Role.OLDER] * 3, Role.HOLDOUT]
    assert [source.name for source in sources][::3] == ["part-00000.csv", "part-00003.csv"]


def test_all_partitions_from_a_time_on_are_held_out() -> None:
    first = datetime(2024, 1, 8, tzinfo=UTC)
    sources = labelled_sources("/raw/", FILES, first)
    assert [source.role for source in sources] == [Role.OLDER, *[Role.HOLDOUT] * 3]


@pytest.mark.parametrize("first", [None, datetime(2023, 1, 1, tzinfo=UTC)], ids=str)
def test_a_window_without_an_older_partition_is_refused(first: datetime | None) -> None:
    with pytest.raises(ValueError, match=r"/raw/2024-01-01\.csv is the only partition: a window"):
        labelled_sources("/raw/", ["2024-01-01.csv"], first)


def test_a_folder_without_files_is_refused() -> None:
    with pytest.raises(ValueError, match=r"/raw/ has no files\. Choose a window with partitions"):
        labelled_sources("/raw/", [], None)
    with pytest.raises(ValueError, match=r"/raw/ has no files\. Choose a partition with data"):
        unlabelled_sources("/raw/", [])


def test_messages_name_files_by_their_address_on_s3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(INPUT_ADDRESS, "s3://lake/churn/")
    first, *_ = unlabelled_sources("/opt/ml/processing/input/raw/", FILES)
    assert first.address == "/opt/ml/processing/input/raw/2024-01-01.csv"
    assert first.role == Role.UNLABELLED
    violation = str(first.bad("empty", "the file is empty.", "age"))
    assert violation == "s3://lake/churn/2024-01-01.csv, column 'age': the file is empty."
