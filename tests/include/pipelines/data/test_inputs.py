"""The manifest of a run: exactly the listed objects, by content."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prodml.aws.manifests import manifest_digest, read_manifest
from prodml.aws.s3 import read

from include.local_aws.testing import Server, connection_to
from include.pipelines.adapters.aws import client, write_text
from include.pipelines.churn import PIPELINE
from include.pipelines.contracts.data import RawInput
from include.pipelines.data import inputs
from include.pipelines.data.inputs import publish
from include.pipelines.data.landing import Item, Prefix
from include.pipelines.data.partitions import BadPartition, Partition, find_partitions
from include.settings import settings


@pytest.fixture(autouse=True)
def aws(local_aws: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(local_aws.url))
    client("s3").create_bucket(Bucket=settings().bucket)
    yield
    settings.cache_clear()


def published(run: str) -> RawInput:
    partitions = [p for p in find_partitions(PIPELINE) if p.start.year == 2025]
    folder = settings().uri("churn", "runs", run)
    return publish(PIPELINE, partitions, folder, datetime.now(UTC))


def test_files_are_uploaded_once_and_another_content_is_another_object(landing: Path) -> None:
    file = landing / "2025-01-06.csv"
    file.write_text("a\n1\n")
    first, second = published("r1"), published("r2")
    file.write_text("a\n2\n")
    third = published("r3")
    s3 = client("s3")
    listed = [read_manifest(s3, run["manifest"]) for run in (first, second, third)]
    assert listed[0] == listed[1] != listed[2]
    contents = [read(s3, f"{prefix}{name}") for prefix, (name,) in listed]
    assert contents == [b"a\n1\n", b"a\n1\n", b"a\n2\n"]
    digests = [manifest_digest(s3, run["manifest"]) for run in (first, second, third)]
    assert digests[0] == digests[1] != digests[2]
    assert first["raw"] == "s3://prodml-local/churn/raw/"


def test_objects_of_a_bucket_stay_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    where = "s3://company-landing/exports/churn/"
    client("s3").create_bucket(Bucket="company-landing")
    monkeypatch.setenv("PRODML_LANDING", "s3://company-landing/exports/")
    settings.cache_clear()
    for part in range(3):
        write_text(f"{where}dt=2025-01-06/part-{part}.csv", f"a\n{part}\n")
    write_text(f"{where}dt=2025-01-06/_SUCCESS", "")
    first, again = published("s1"), published("s2")
    prefix, names = read_manifest(client("s3"), first["manifest"])
    assert (prefix, first["objects"]) == (where, 3)
    assert names == [f"dt=2025-01-06/part-{part}.csv" for part in range(3)]
    write_text(f"{where}dt=2025-01-06/part-1.csv", "a\nother\n")
    write_text(f"{where}dt=2025-01-06/part-3.csv", "a\n3\n")  # arrives after the listing
    assert read_manifest(client("s3"), first["manifest"])[1] == names
    s3 = client("s3")
    changed = published("s3")
    digests = [manifest_digest(s3, run["manifest"]) for run in (first, again, changed)]
    assert digests[0] == digests[1] != digests[2]


def test_an_object_that_is_replaced_while_the_run_lists_it_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A model would be trained on other rows than its lineage says."""
    client("s3").create_bucket(Bucket="company-landing")
    monkeypatch.setenv("PRODML_LANDING", "s3://company-landing/replaced/")
    settings.cache_clear()
    address = "s3://company-landing/replaced/churn/2025-01-06.csv"
    write_text(address, "a\n1\n")
    items = Prefix.items

    def listed(*arguments: Any) -> list[Item]:
        before = items(*arguments)
        write_text(address, "a\n2\n")
        return before

    monkeypatch.setattr(Prefix, "items", listed)
    with pytest.raises(BadPartition, match=r"2025-01-06\.csv was replaced or deleted while"):
        published("replaced")


class Large:
    """A prefix with many objects, as a listing of S3 gives them."""

    address = "s3://company-landing/exports/churn/"

    def __init__(self, objects: int) -> None:
        self.objects = objects

    def names(self) -> Iterator[str]:
        yield "2025-01-06/"

    def items(self, name: str) -> list[Item]:
        old = datetime(2025, 1, 7, tzinfo=UTC)
        names = (f"{name}part-{number:06}.parquet" for number in range(self.objects))
        return [Item(one, 1 << 27, old, f'"{one[-32:]:0>32}"') for one in names]


def test_planning_holds_no_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """4,000 objects of 128 MB are more than 2,000 million rows; only names and digests are kept."""
    monkeypatch.setattr(inputs, "whole_digests", lambda s3, bucket, etags: [*etags.values()])
    time = datetime(2025, 1, 6, tzinfo=UTC)
    peaks = []
    for objects in (10, 4_000):
        partition = Partition(time, time, Large(objects), "2025-01-06/")
        gc.collect()
        tracemalloc.start()
        publish(PIPELINE, [partition], settings().uri("churn", "runs", "large"), datetime.now(UTC))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (peaks[1] - peaks[0]) / (1 << 20) < 10
