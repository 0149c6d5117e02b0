"""Names, times and completeness of partitions, the same in a folder and in S3."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prodml.aws.s3 import split

from include.local_aws.testing import Server, connection_to
from include.pipelines.adapters.aws import client, write_text
from include.pipelines.churn import PIPELINE
from include.pipelines.data.partitions import (
    BadPartition,
    Partition,
    contents,
    find_partitions,
    newer_than,
)
from include.pipelines.definition.partitions import Partitions
from include.settings import settings

OLD = datetime(2024, 1, 1, tzinfo=UTC)
LATER = datetime.now(UTC) + timedelta(hours=1)
Put = Callable[..., str]


@pytest.fixture(params=["folder", "bucket"])
def put(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Write a file of the churn pipeline's landing, which is a folder or a prefix of a bucket."""
    is_folder = request.param == "folder"
    where = str(tmp_path) if is_folder else f"s3://landing-{tmp_path.name.replace('_', '-')}/in"
    if not is_folder:
        server: Server = request.getfixturevalue("local_aws")
        monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(server.url))
        client("s3").create_bucket(Bucket=split(where)[0])
    monkeypatch.setenv("PRODML_LANDING", where)
    settings.cache_clear()

    def write(name: str, text: str = "a\n1\n") -> str:
        if not is_folder:
            return write_text(f"{where}/churn/{name}", text)
        path = tmp_path / "churn" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    yield write
    settings.cache_clear()


def find(every: str = "week") -> list[Partition]:
    """Return the partitions of the landing, without the committed ones of 2024."""
    pipeline = replace(PIPELINE, partitions=Partitions(every))
    return [piece for piece in find_partitions(pipeline) if "data/churn" not in piece.address]


@pytest.mark.parametrize(
    "names",
    [
        ["2025-01-06.csv", "2025-01-13/part-0.csv", "dt=2025-01-20/a/part-0.parquet"],
        ["2025-01-06.csv.gz", "2025-01-13.parquet", "2025-01-20"],
    ],
    ids=["mixed", "files"],
)
def test_a_file_and_a_folder_are_named_by_their_time(put: Put, names: list[str]) -> None:
    for name in names:
        put(name)
    for other in ("README.md", "_tmp/2025-01-27.csv", ".hidden.csv", "2025-02-03.csv.partial"):
        put(other)
    partitions = find()
    assert [piece.start.day for piece in partitions] == [6, 13, 20]
    listed = [item.name for p in partitions for item in contents(Partitions(), p, LATER)]
    assert listed == names


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("march.csv", r"march\.csv is not named by a time\. Rename it to the Monday of its week"),
        ("archive/a.csv", r"archive/ is not named by a time.*such as 2024-01-01/"),
        ("2025-01-07.csv", r"'2025-01-07', .* by the Monday .*Rename it to 2025-01-06\.csv"),
        ("dt=2025-01-07/a.csv", r"Rename it to dt=2025-01-06/, if"),
        ("2025-01-06T05.csv", r"Rename it to 2025-01-06\.csv"),
        ("2025-02-30.csv", r"2025-02-30\.csv is named '2025-02-30'"),
        ("2025-01-06.json", r"has the suffix 'json'\. Export it as one of csv, csv\.gz, parquet"),
        ("2025-01-06.csv/a.csv", r"2025-01-06\.csv/ has the suffix 'csv'"),
    ],
)
def test_another_name_is_refused_with_its_address(put: Put, name: str, sentence: str) -> None:
    where = put(name).removesuffix("/a.csv")
    with pytest.raises(BadPartition, match=sentence) as refused:
        find()
    assert str(refused.value).startswith(where)


def test_two_partitions_of_one_time_are_refused(put: Put) -> None:
    first, second = put("2025-01-06.csv"), put("dt=2025-01-06/part-0.csv")
    with pytest.raises(BadPartition, match=r"are partitions of one time\. Keep one") as refused:
        find()
    assert first in str(refused.value)
    assert second.removesuffix("part-0.csv") in str(refused.value)


def test_a_folder_is_complete_when_it_says_so_or_its_files_are_old(put: Put) -> None:
    address = put("2025-01-06/part-0.csv").removesuffix("part-0.csv")
    (partition,) = find()
    now = datetime.now(UTC)
    with pytest.raises(BadPartition, match=r"is being written: it has no _SUCCESS, and .*part-0"):
        contents(Partitions(), partition, now)
    assert partition.address == address
    assert contents(Partitions(settled_after=timedelta(0)), partition, now)
    assert contents(Partitions(), partition, LATER)
    put("2025-01-06/_SUCCESS", "")
    assert [item.name for item in contents(Partitions(), partition, now)] == [
        "2025-01-06/part-0.csv"
    ]


def test_a_file_is_complete_once_it_is_there(put: Put) -> None:
    put("2025-01-06.csv")
    put("2025-01-06.csv.partial")
    (partition,) = find()
    assert len(contents(Partitions(), partition, datetime.now(UTC))) == 1


def test_a_partition_without_a_byte_is_refused_and_an_empty_part_is_left_out(put: Put) -> None:
    put("2025-01-06.csv", "")
    put("2025-01-13/part-0.csv", "")
    put("2025-01-13/part-1.csv")
    empty, partial = find()
    with pytest.raises(BadPartition, match=r"2025-01-06\.csv is empty\. Export the week again"):
        contents(Partitions(), empty, LATER)
    assert [item.name for item in contents(Partitions(), partial, LATER)] == [
        "2025-01-13/part-1.csv"
    ]


def test_a_file_of_another_format_in_a_folder_is_refused(put: Put) -> None:
    put("2025-01-06/0000_part_00")
    put("2025-01-06/part-0.snappy.parquet")
    put("2025-01-06/part-1.orc")
    (partition,) = find()
    with pytest.raises(BadPartition, match=r"part-1\.orc has the suffix 'orc'\. Export"):
        contents(Partitions(), partition, LATER)


def test_partitions_are_hourly_to_monthly(put: Put) -> None:
    for name in ("2025-01-06T05.csv", "2025-01-06T06.csv"):
        put(name)
    pipeline = replace(PIPELINE, partitions=Partitions("hour"), name="churn")
    monthly = replace(PIPELINE, partitions=Partitions("month"))
    if os.environ["PRODML_LANDING"].startswith("s3://"):
        assert [piece.end.hour for piece in find_partitions(pipeline)] == [6, 7]
        with pytest.raises(BadPartition, match=r"its month\. Rename it to 2025-01\.csv"):
            find_partitions(monthly)


def test_a_folder_overrides_the_committed_partition_of_its_time(put: Put) -> None:
    mine = put("2024-03-04.csv")
    is_bucket = os.environ["PRODML_LANDING"].startswith("s3://")
    partitions = find_partitions(PIPELINE)
    assert len(partitions) == (1 if is_bucket else 10)  # a landing in S3 is all there is
    assert partitions[-1].address == mine
    end = OLD + timedelta(days=70)  # of the newest one
    assert newer_than(partitions, end, LATER) == []
    assert newer_than(partitions, end - timedelta(hours=1), LATER) == [partitions[-1]]
    assert newer_than(partitions, end - timedelta(hours=2), end - timedelta(hours=1)) == []


def test_what_an_engine_left_in_a_hidden_folder_is_not_read(put: Put) -> None:
    put("dt=2025-01-06/_temporary/0/part-0.csv")
    put("dt=2025-01-06/part-0.csv")
    (partition,) = find()
    items = contents(Partitions("week"), partition, LATER)
    assert [item.name for item in items] == ["dt=2025-01-06/part-0.csv"]
    put("dt=2025-01-06/_delta_log/0.json")
    with pytest.raises(BadPartition, match=r"is a table of Delta Lake, .* as plain Parquet\."):
        contents(Partitions("week"), partition, LATER)
