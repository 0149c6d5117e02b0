"""Channels: the objects of a job, with any keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from include.local_aws.core.volume import Volume
from include.local_aws.sagemaker.jobs.channels import download_channels, objects
from include.local_aws.sagemaker.jobs.cluster import Host
from include.local_aws.sagemaker.jobs.runner import JobFailed
from tests.include.local_aws.jobs import Jobs, channel
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.pipelines.executions import refused

Unique = Callable[[str], str]


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        (["../../../../../out"], "leave the job's folder"),
        (["/out"], "leave the job's folder"),
        (["a", "a/b"], "Give one of them another name"),
        (["a/b", "a"], "Give one of them another name"),
        (["n" * 256], "more than 255 bytes"),
        (["nothing"], "/in/nothing: An error occurred (NoSuchKey)"),
        ([7], "is not a key"),
    ],
)
def test_a_manifest_cannot_lead_out_of_the_channel(
    jobs: Jobs, unique: Unique, listed: list[str], why: str
) -> None:
    """The job fails with the reason, before anything of it runs."""
    name = unique("manifest")
    prefix = f"s3://{jobs.bucket}/{name}/in"
    for path in listed:
        if path != "nothing":
            jobs.put(f"{name}/in{path if str(path).startswith('/') else f'/{path}'}", "x")
    manifest = json.dumps([{"prefix": prefix if "/out" in listed else f"{prefix}/"}, *listed])
    inputs = channel("train", jobs.put(f"{name}/list.json", manifest))
    inputs["DataSource"]["S3DataSource"]["S3DataType"] = "ManifestFile"
    jobs.run(name, "pass", InputDataConfig=[inputs])
    reason = jobs.failure("Training", name)
    assert reason.startswith("ClientError: ")
    assert why in reason


def test_a_key_with_dots_fails_the_job_and_the_times_are_right(jobs: Jobs, unique: Unique) -> None:
    name = unique("dots")
    jobs.put(f"{name}/in/../../out", "x")
    jobs.run(name, "pass", InputDataConfig=[channel("train", f"s3://{jobs.bucket}/{name}/in/")])
    job = jobs.ended("Training", name)
    assert "leave the job's folder" in job["FailureReason"]
    statuses = [t["Status"] for t in job["SecondaryStatusTransitions"]]
    assert statuses == ["Starting", "Downloading", "Failed"]
    assert all(t["EndTime"] >= t["StartTime"] for t in job["SecondaryStatusTransitions"])
    assert job["TrainingEndTime"] >= job["CreationTime"]


def test_a_bucket_that_is_not_there_is_the_users_error(jobs: Jobs, unique: Unique) -> None:
    name = unique("bucket")
    jobs.run(name, "pass", InputDataConfig=[channel("train", "s3://no-such-bucket-here/in/")])
    reason = jobs.failure("Training", name)
    assert reason.startswith("ClientError: Data download failed")
    assert "NoSuchBucket" in reason


@pytest.mark.parametrize("name", [".", ".."])
def test_a_channel_must_be_a_folder(jobs: Jobs, unique: Unique, name: str) -> None:
    inputs = [channel(name, f"s3://{jobs.bucket}/in/")]
    code, message = refusal(jobs.run, name=unique("channel"), code="pass", InputDataConfig=inputs)
    assert code == "ValidationException"
    assert "leave the job's folder" in message


def test_objects_that_are_read_where_they_are_take_no_space(
    jobs: Jobs, unique: Unique, tmp_path: Path
) -> None:
    name = unique("volume")
    jobs.put(f"{name}/in/0.csv", "1,2,3")
    inputs = channel("train", f"s3://{jobs.bucket}/{name}/in/")
    request = {"AlgorithmSpecification": {}, "InputDataConfig": [inputs]}
    host = Host(0, "algo-1", "127.0.0.1", tmp_path, Volume(4))
    with pytest.raises(JobFailed, match="Raise VolumeSizeInGB"):
        download_channels(jobs.s3, request, host, 1)
    inputs["InputMode"] = "FastFile"
    download_channels(jobs.s3, request, host, 1)
    assert (tmp_path / "input" / "data" / "train" / "0.csv").read_text() == "1,2,3"


@pytest.mark.parametrize(
    "content",
    ["{", "[]", "{}", '"text"', '["a.csv"]', '[{"other": 1}]', "[" * 100_000, None],
    ids=["broken", "empty", "object", "text", "no prefix", "other", "nested", "missing"],
)
def test_a_manifest_of_another_form_fails_the_job(content: str | None) -> None:
    def get_object(**_: Any) -> Any:
        if content is None:
            raise refused("NoSuchKey", "It does not exist.")
        return {"Body": SimpleNamespace(read=lambda: content)}

    s3 = SimpleNamespace(get_object=get_object, exceptions=SimpleNamespace(ClientError=ClientError))
    source = {"S3DataType": "ManifestFile", "S3Uri": "s3://b/list.json"}
    with pytest.raises(JobFailed, match=r"^ClientError: The manifest 's3://b/list.json' cannot be"):
        list(objects(s3, source))


@pytest.mark.parametrize(
    "source",
    [
        {"S3DataSource": {"S3DataType": "AugmentedManifestFile", "S3Uri": "s3://b/x"}},
        {
            "FileSystemDataSource": {
                "FileSystemId": "fs-01234567890",
                "FileSystemAccessMode": "ro",
                "FileSystemType": "EFS",
                "DirectoryPath": "/data",
            }
        },
    ],
    ids=["augmented", "file system"],
)
def test_other_sources_of_data_are_refused(jobs: Jobs, unique: Unique, source: Any) -> None:
    inputs = [{"ChannelName": "train", "DataSource": source}]
    code, message = refusal(jobs.run, name=unique("source"), code="pass", InputDataConfig=inputs)
    assert code == "ValidationException"
    assert message.startswith("The data source of channel 'train' ")
    assert message.endswith("S3Prefix or ManifestFile.")
