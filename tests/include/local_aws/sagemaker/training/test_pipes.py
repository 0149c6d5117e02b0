"""Channels that a job reads as a stream, and channels that need no space of its volume."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from include.local_aws.core.volume import Volume
from include.local_aws.sagemaker.jobs.cluster import Host
from include.local_aws.sagemaker.training.pipes import DATA, Pipe
from tests.include.local_aws.jobs import XGBOOST, Jobs, channel
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]
GROUP = "/aws/sagemaker/TrainingJobs"
# Prints the configuration, two epochs, of the second the first line alone, and the folder.
READS = """
import json, os, time
base = os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml") + "/input/"
config = json.load(open(base + "config/inputdataconfig.json"))
print(config["train"]["TrainingInputMode"])
with open(base + "data/train_0") as whole:
    print("first:", *whole.read().split())
with open(base + "data/train_1") as partly:
    print("second:", partly.readline().strip())
while os.path.exists(base + "data/train_1"):
    time.sleep(0.01)
print("left:", *os.listdir(base + "data"))
"""


def pipe(jobs: Jobs, name: str, **members: Any) -> dict[str, Any]:
    return channel("train", f"s3://{jobs.bucket}/{name}/in/") | {"InputMode": "Pipe"} | members


def lines(jobs: Jobs, name: str) -> list[str]:
    job = jobs.ended("Training", name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    return [line for line in jobs.lines(GROUP, name) if " runs on Python " not in line]


def test_each_epoch_is_a_fifo_with_all_objects(jobs: Jobs, unique: Unique) -> None:
    name = unique("pipe")
    for number in range(3):
        jobs.put(f"{name}/in/{number}.csv", f"row-{number}\n")
    jobs.run(name, READS, InputDataConfig=[pipe(jobs, name)])
    assert lines(jobs, name) == [
        "Pipe",
        "first: row-0 row-1 row-2",
        "second: row-0",
        "left: train_2",
    ]


def test_packed_objects_are_unpacked_and_a_seed_changes_the_order_of_epochs(
    jobs: Jobs, unique: Unique
) -> None:
    name = unique("packed")
    for number in range(5):
        members = [gzip.compress(f"{part}\n".encode()) for part in (number, number)]
        jobs.put(f"{name}/in/{number}.gz", b"".join(members))
    packed = pipe(jobs, name, CompressionType="Gzip", ShuffleConfig={"Seed": 1})
    jobs.run(name, READS, InputDataConfig=[packed])
    first, second = lines(jobs, name)[1:3]
    numbers = first.removeprefix("first: ").split()
    assert numbers[::2] == numbers[1::2]
    assert sorted(numbers[::2]) == list("01234")
    assert numbers[::2] != list("01234")
    assert second in {f"second: {number}" for number in range(5)}


def test_a_job_that_reads_no_fifo_ends_too(jobs: Jobs, unique: Unique) -> None:
    name = unique("unread")
    jobs.put(f"{name}/in/0.csv", "1\n" * 200_000)
    jobs.run(name, "print('done')", InputDataConfig=[pipe(jobs, name)])
    assert lines(jobs, name) == ["done"]


def test_an_object_that_cannot_be_unpacked_is_the_users_error(jobs: Jobs, unique: Unique) -> None:
    name = unique("broken")
    jobs.put(f"{name}/in/0.gz", "not gzip")
    jobs.run(
        name,
        "open(__import__('os').environ.get('SAGEMAKER_BASE_DIR', '/opt/ml') "
        "+ '/input/data/train_0').read()",
        InputDataConfig=[pipe(jobs, name, CompressionType="Gzip")],
    )
    assert "Data download failed for input data source 'train'" in jobs.failure("Training", name)


def test_a_stream_without_objects_names_its_channel(jobs: Jobs, unique: Unique) -> None:
    name = unique("none")
    jobs.run(name, "pass", InputDataConfig=[pipe(jobs, name)])
    assert "No S3 objects found" in jobs.failure("Training", name)


def test_the_algorithm_refuses_streams_as_its_container_does(jobs: Jobs, unique: Unique) -> None:
    name = unique("boost")
    jobs.put(f"{name}/in/0.csv", "1,2\n0,3\n")
    jobs.train(
        name, XGBOOST, HyperParameters={"num_round": "1"}, InputDataConfig=[pipe(jobs, name)]
    )
    assert "Please use Fast File mode" in jobs.failure("Training", name)


def test_wrapping_records_is_refused_by_name(jobs: Jobs, unique: Unique) -> None:
    name = unique("wrapped")
    wrapped = pipe(jobs, name, RecordWrapperType="RecordIO")
    code, message = refusal(jobs.run, name=name, code="pass", InputDataConfig=[wrapped])
    assert code == "ValidationException"
    assert "RecordWrapperType RecordIO of channel 'train' is not emulated" in message


@pytest.mark.parametrize("replacement", ["nothing", "file", "link"])
def test_a_fifo_that_the_job_replaces_is_not_written_to(tmp_path: Path, replacement: str) -> None:
    """Follow no link out of the job's folder, where only this machine's user may write."""
    outside = tmp_path / "authorized_keys"
    outside.write_text("mine")
    pages = [{"Contents": [{"Key": "in/0.csv", "Size": 1}]}]
    reads: list[str] = []
    s3 = SimpleNamespace(
        get_paginator=lambda _: SimpleNamespace(paginate=lambda **_: pages),
        get_object=lambda **request: reads.append(request["Key"]),
    )
    host = Host(0, "algo-1", "127.0.0.1", tmp_path / "ml", Volume(9))
    host.root.mkdir()
    pipe = Pipe(s3, channel("train", "s3://b/in/"), host, 1)
    fifo = host.root / DATA / "train_0"
    fifo.unlink()
    if replacement == "file":
        fifo.write_text("mine")
    elif replacement == "link":
        os.symlink(outside, fifo)
    pipe.start()
    pipe._thread.join(5)
    assert not pipe._thread.is_alive()
    pipe.stop()
    assert (pipe.failure, reads, outside.read_text()) == (None, [], "mine")
