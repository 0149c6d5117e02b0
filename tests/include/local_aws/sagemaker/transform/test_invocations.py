"""Transform jobs of an inference pipeline."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest

from include.local_aws.sagemaker.transform.invocations import Client, ServerBroke, _named_limits
from include.local_aws.sagemaker.transform.records import BadRecord
from tests.include.local_aws.models import PART, Platform
from tests.include.local_aws.refusals import refusal


def _request(platform: Platform, model: str, name: str) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{platform.bucket}/{name}/in/"}
    output = f"s3://{platform.bucket}/{name}/out"
    return {
        "TransformJobName": name,
        "ModelName": model,
        "BatchStrategy": "SingleRecord",
        "TransformInput": {
            "DataSource": {"S3DataSource": source},
            "ContentType": "text/csv",
            "SplitType": "Line",
        },
        "TransformOutput": {"S3OutputPath": output, "Accept": "a/b", "AssembleWith": "Line"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }


def _ended(platform: Platform, name: str, within: float = 120) -> dict[str, Any]:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        job: dict[str, Any] = platform.sagemaker.describe_transform_job(TransformJobName=name)
        if job["TransformJobStatus"] not in ("InProgress", "Stopping"):
            return job
        time.sleep(0.1)
    raise TimeoutError(f"{name} has not ended after {within} s.")


@pytest.fixture(scope="module")
def name(platform: Platform) -> str:
    """Run a job of two containers over a file that they read and one that the last one refuses."""
    name = platform.unique("pipeline")
    model = platform.pipeline(platform.container(PART, "first"), platform.container(PART, "last"))
    for key, body in (("good.csv", b"1,2\n3,4\n"), ("bad.csv", b"fail last\n")):
        platform.s3.put_object(Bucket=platform.bucket, Key=f"{name}/in/{key}", Body=body)
    request = _request(platform, model, name)
    request["ModelClientConfig"] = {"InvocationsMaxRetries": 0}
    platform.sagemaker.create_transform_job(**request)
    _ended(platform, name)
    return name


def test_records_go_through_the_containers_in_their_order(platform: Platform, name: str) -> None:
    out = platform.s3.get_object(Bucket=platform.bucket, Key=f"{name}/out/good.csv.out")
    lines = out["Body"].read().decode().splitlines()
    assert lines == [
        f"last(first({row}|text/csv|application/json)|text/first|a/b)" for row in ("1,2", "3,4")
    ]


def test_failure_of_a_later_container_fails_the_job(platform: Platform, name: str) -> None:
    job = platform.sagemaker.describe_transform_job(TransformJobName=name)
    assert job["TransformJobStatus"] == "Failed"


def test_each_container_has_a_log_stream(platform: Platform, name: str) -> None:
    logs = platform.server.client("logs")
    group = "/aws/sagemaker/TransformJobs"
    streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"{name}/")
    names = {stream["logStreamName"].split("/", 2)[-1] for stream in streams["logStreams"]}
    assert {"container-1", "container-2"} < {n.split("/")[-1] for n in names}


def test_job_cannot_name_a_container(platform: Platform) -> None:
    part = platform.container(PART) | {"ContainerHostname": "only"}
    other = platform.container(PART) | {"ContainerHostname": "other"}
    model = platform.pipeline(part, other, InferenceExecutionConfig={"Mode": "Direct"})
    request = _request(platform, model, platform.unique("direct"))
    code, message = refusal(platform.sagemaker.create_transform_job, **request)
    assert (code, "Mode Serial" in message) == ("ValidationException", True)


@pytest.mark.parametrize(
    ("outcomes", "most", "answer"),
    [
        ([ServerBroke("503"), TimeoutError(), b"7"], 2, b"7"),
        ([ServerBroke("503"), ServerBroke("502")], 1, "algorithm: 502"),
        ([BadRecord("ClientError: 415")], 3, "ClientError: 415"),
    ],
)
def test_only_broken_servers_are_asked_again(
    monkeypatch: pytest.MonkeyPatch, outcomes: list[Any], most: int, answer: bytes | str
) -> None:
    lines: list[str] = []
    request = {"ModelClientConfig": {"InvocationsMaxRetries": most}}
    http: Any = None
    servers: Any = SimpleNamespace(urls={})
    client = Client(http, servers, request, lines.append, lambda: None)
    left = iter(outcomes)

    async def invoke(payload: bytes) -> bytes:
        outcome = next(left)
        if isinstance(outcome, Exception):
            raise outcome
        return bytes(outcome)

    monkeypatch.setattr(client, "_invoke", invoke)
    if isinstance(answer, bytes):
        assert asyncio.run(client.invoke(b"1")) == answer
    else:
        with pytest.raises(BadRecord, match=answer):
            asyncio.run(client.invoke(b"1"))
    assert next(left, None) is None
    assert len(lines) == len(outcomes) - 1
    assert all(line.endswith(": retrying") for line in lines)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ('{"MaxPayloadInMB": 1, "Other": 2}', {"MaxPayloadInMB": 1}),
        ("[1]", {}),
        ("<html>", {}),
    ],
)
def test_a_container_may_name_limits(text: str, limits: dict[str, int]) -> None:
    assert _named_limits(text) == limits
