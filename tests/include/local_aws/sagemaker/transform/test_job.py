from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from include.local_aws.cloudwatch.logs import Logs
from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.jobs.runner import Job
from include.local_aws.sagemaker.transform import job as transforms
from tests.include.local_aws.jobs import ROLE, XGBOOST, Jobs
from tests.include.local_aws.sagemaker.pipelines.executions import refused

Unique = Callable[[str], str]


def transform(jobs: Jobs, name: str, model: str, **members: Any) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{jobs.bucket}/{name}/in/"}
    request = {
        "TransformJobName": name,
        "ModelName": model,
        "BatchStrategy": "MultiRecord",
        "TransformInput": {
            "DataSource": {"S3DataSource": source},
            "ContentType": "text/csv",
            "SplitType": "Line",
        },
        "TransformOutput": {
            "S3OutputPath": f"s3://{jobs.bucket}/{name}/out",
            "AssembleWith": "Line",
        },
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }
    jobs.sagemaker.create_transform_job(**request | members)
    return jobs.ended("Transform", name)


def test_one_prediction_a_row_in_order(jobs: Jobs, model: str, unique: Unique) -> None:
    """Each file has its own output, named after it; no line is lost, doubled or blank."""
    name = unique("batch")
    jobs.put(f"{name}/in/a.csv", "1,1\n59,3\n2,2\n")
    jobs.put(f"{name}/in/sub/b.csv", "58,2")
    job = transform(jobs, name, model)
    assert job["TransformJobStatus"] == "Completed", job.get("FailureReason")
    assert jobs.keys(f"{name}/out") == [f"{name}/out/a.csv.out", f"{name}/out/sub/b.csv.out"]
    low, high, other = jobs.read(f"s3://{jobs.bucket}/{name}/out/a.csv.out").split()
    assert float(low) == float(other) < 0.5 < float(high)
    assert jobs.read(f"s3://{jobs.bucket}/{name}/out/sub/b.csv.out").count(b"\n") == 1
    encryption = jobs.encryption(f"s3://{jobs.bucket}/{name}/out/a.csv.out")
    assert encryption == ("aws:kms", None)  # the account's default key for S3


def test_single_records_give_the_same(jobs: Jobs, model: str, unique: Unique) -> None:
    name, single = unique("multi"), unique("single")
    for job in (name, single):
        jobs.put(f"{job}/in/a.csv", "1,1\n59,3\n30,2\n31,3\n")
    transform(jobs, name, model)
    transform(jobs, single, model, BatchStrategy="SingleRecord", MaxConcurrentTransforms=4)
    results = [jobs.read(f"s3://{jobs.bucket}/{j}/out/a.csv.out") for j in (name, single)]
    assert results[0] == results[1]
    assert results[0].count(b"\n") == 4


def test_bad_record_spares_the_other_files(jobs: Jobs, model: str, unique: Unique) -> None:
    """The bad file has no output, the good one has; the job fails, and the log names the file."""
    name = unique("bad")
    jobs.put(f"{name}/in/bad.csv", "1,1\nnot,numbers\n")
    jobs.put(f"{name}/in/good.csv", "1,1\n")
    job = transform(jobs, name, model)
    assert job["TransformJobStatus"] == "Failed"
    assert jobs.keys(f"{name}/out") == [f"{name}/out/good.csv.out"]
    lines = jobs.lines("/aws/sagemaker/TransformJobs", name)
    assert any(f"{jobs.bucket}/{name}/in/bad.csv: ClientError: 415" in line for line in lines)


def whole(jobs: Jobs, name: str, **members: Any) -> dict[str, Any]:
    """Return a TransformInput of the job's prefix."""
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{jobs.bucket}/{name}/in/"}
    base = {"DataSource": {"S3DataSource": source}, "ContentType": "text/csv", "SplitType": "Line"}
    return base | members


def test_filters_and_joins(jobs: Jobs, model: str, unique: Unique) -> None:
    """The identifier stays here, the model gets the rest, the output has both."""
    name = unique("join")
    jobs.put(f"{name}/in/a.csv", "id-1,1,1\nid-2,59,3\n")
    output = {
        "S3OutputPath": f"s3://{jobs.bucket}/{name}/out",
        "AssembleWith": "Line",
        "Accept": "text/csv",
    }
    processing = {"InputFilter": "$[1:]", "JoinSource": "Input", "OutputFilter": "$[0,-1]"}
    job = transform(jobs, name, model, TransformOutput=output, DataProcessing=processing)
    assert job["TransformJobStatus"] == "Completed", job.get("FailureReason")
    rows = jobs.read(f"s3://{jobs.bucket}/{name}/out/a.csv.out").decode().splitlines()
    assert [row.split(",")[0] for row in rows] == ["id-1", "id-2"]
    assert float(rows[0].split(",")[1]) < 0.5 < float(rows[1].split(",")[1])


def test_compressed_files_on_two_instances(jobs: Jobs, model: str, unique: Unique) -> None:
    name = unique("gzip")
    for letter in "abc":
        jobs.put(f"{name}/in/{letter}.csv.gz", gzip.compress(b"1,1\n59,3\n"))
    source = whole(jobs, name, CompressionType="Gzip")
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": 2}
    job = transform(jobs, name, model, TransformInput=source, TransformResources=resources)
    assert job["TransformJobStatus"] == "Completed", job.get("FailureReason")
    outputs = [f"{name}/out/{letter}.csv.gz.out" for letter in "abc"]
    assert jobs.keys(f"{name}/out") == outputs
    assert {jobs.read(f"s3://{jobs.bucket}/{key}").count(b"\n") for key in outputs} == {2}


def test_a_record_above_the_payload_limit_fails_its_file(
    jobs: Jobs, model: str, unique: Unique
) -> None:
    name = unique("large")
    jobs.put(f"{name}/in/large.csv", "1," + "1" * (1 << 20) + "\n")
    jobs.put(f"{name}/in/small.csv", "1,1\n")
    job = transform(jobs, name, model, MaxPayloadInMB=1)
    assert job["TransformJobStatus"] == "Failed"
    assert jobs.keys(f"{name}/out") == [f"{name}/out/small.csv.out"]


class _Servers:
    """The model servers of one instance, which have died once they were ready."""

    urls = {"primary": "http://127.0.0.1:9"}  # noqa: RUF012

    def __init__(self) -> None:
        self.is_stopped = False

    async def ready(self) -> None:
        pass

    async def stop(self, patience: float) -> None:
        self.is_stopped = True


def _bucket(content: Any) -> Any:
    """Return a client of a bucket that lists *content*, or raises it."""

    def pages(**_: Any) -> Any:
        if isinstance(content, Exception):
            raise content
        return [{"Contents": [{"Key": f"in/{name}", "Size": 1} for name in content]}]

    body = SimpleNamespace(read=lambda: b"1,2\n")
    return SimpleNamespace(
        get_paginator=lambda _: SimpleNamespace(paginate=pages),
        get_object=lambda **_: {"Body": body},
    )


def _stored(aws: Aws, monkeypatch: pytest.MonkeyPatch, content: Any) -> tuple[Job, _Servers]:
    """Return a job in the store, and its servers."""
    servers = _Servers()

    async def start_servers(*_: Any) -> _Servers:
        return servers

    monkeypatch.setattr(transforms, "start_servers", start_servers)
    monkeypatch.setattr(aws, "client", lambda *_: _bucket(content))
    aws.add(Logs(aws.store, aws.clock))
    model = {"ModelName": "boost", "PrimaryContainer": {"Image": XGBOOST}, "ExecutionRoleArn": ROLE}
    aws.store.insert("model", "boost", model)
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/in/"}}
    request = {
        "TransformJobName": "job",
        "ModelName": "boost",
        "TransformInput": {"DataSource": source},
        "TransformOutput": {"S3OutputPath": "s3://b/out"},
        "TransformResources": {"InstanceType": "ml.m5.large"},
        "ModelClientConfig": {"InvocationsMaxRetries": 0},
    }
    aws.store.insert("transform-job", "job", request)
    return Job(aws, "transform-job", "job"), servers


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        (refused("NoSuchBucket", "It does not exist."), "Failed", "ClientError: An error occurred"),
        ([], "Failed", "ClientError: No S3 objects found under S3 URL 's3://b/in/'."),
        (["a.csv"], "Failed", "ClientError: See job logs for more information"),
        (None, "Stopped", ""),
    ],
    ids=["bucket", "objects", "server", "stop"],
)
def test_each_end_of_a_job_stops_its_servers(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, content: Any, status: str, reason: str
) -> None:
    job, servers = _stored(aws, monkeypatch, content)
    if content is None:
        job.stopping = "Stopped"
    asyncio.run(transforms.Transform(job, "no-such-component").work())
    assert (job.doc["TransformJobStatus"], servers.is_stopped) == (status, True)
    assert job.doc.get("FailureReason", "").startswith(reason)


def test_the_end_of_the_embedded_aws_stops_the_servers(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, servers = _stored(aws, monkeypatch, ["a.csv"])

    async def wait(self: transforms.Transform, servers: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(transforms.Transform, "_transform", wait)

    async def check() -> None:
        working = asyncio.create_task(transforms.Transform(job, "component").work())
        while "TransformStartTime" not in job.doc:
            await asyncio.sleep(0.001)
        working.cancel()
        await asyncio.wait({working})

    asyncio.run(check())
    assert servers.is_stopped
