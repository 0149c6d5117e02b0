from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from include.local_aws.containers.environments import Environments
from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.jobs.runner import Job
from include.local_aws.sagemaker.processing import job as processing_jobs
from include.local_aws.testing import Server
from tests.include.local_aws.jobs import CLUSTER, INPUT, OUTPUT, SKLEARN, Jobs, made

Unique = Callable[[str], str]


@pytest.fixture(scope="module")
def processed(local_aws: Server) -> Jobs:
    return made(local_aws, "processed")


def given(uri: str) -> list[dict[str, Any]]:
    source = {
        "S3Uri": uri,
        "LocalPath": INPUT,
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
    }
    return [{"InputName": "data", "S3Input": source}]


def wanted(jobs: Jobs, prefix: str) -> dict[str, Any]:
    uri = f"s3://{jobs.bucket}/{prefix}"
    target = {"S3Uri": uri, "LocalPath": OUTPUT, "S3UploadMode": "EndOfJob"}
    return {"Outputs": [{"OutputName": "result", "S3Output": target}]}


def test_reads_inputs_and_uploads_outputs(jobs: Jobs, unique: Unique) -> None:
    """Folders keep their shape, links are not followed, and the message becomes ExitMessage."""
    name = unique("process")
    jobs.put(f"{name}/in/deep/words.txt", "hello")
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "words = (Path(sys.argv[1]) / 'deep/words.txt').read_text()\n"
        "out = Path(sys.argv[2]) / 'sub'; out.mkdir()\n"
        "(out / 'loud.txt').write_text(words.upper())\n"
        "os.symlink('loud.txt', out / 'link.txt')\n"
        "Path(sys.argv[3]).write_text('all is well')\n"
    )
    outputs = wanted(jobs, f"{name}/out")
    inputs = given(f"s3://{jobs.bucket}/{name}/in")
    jobs.process(name, code, ProcessingInputs=inputs, ProcessingOutputConfig=outputs)
    job = jobs.ended("Processing", name)
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    assert job["ExitMessage"] == "all is well"
    assert jobs.keys(f"{name}/out") == [f"{name}/out/sub/loud.txt"]
    assert jobs.read(f"s3://{jobs.bucket}/{name}/out/sub/loud.txt") == b"HELLO"


def test_a_manifest_is_all_that_an_input_reads(jobs: Jobs, unique: Unique) -> None:
    """The relative keys keep their folders; other objects of the prefix stay where they are."""
    name = unique("manifest")
    for key in ("2024-01-01.csv", "2024-01-08/part-0.csv", "2024-01-08/_SUCCESS", "late.csv"):
        jobs.put(f"{name}/in/{key}", key)
    listed = [{"prefix": f"s3://{jobs.bucket}/{name}/in/"}, "2024-01-08/part-0.csv"]
    inputs = given(jobs.put(f"{name}/list.json", json.dumps([*listed, "2024-01-01.csv"])))
    inputs[0]["S3Input"]["S3DataType"] = "ManifestFile"
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "files = [p for p in Path(sys.argv[1]).rglob('*') if p.is_file()]\n"
        "names = sorted(str(p.relative_to(sys.argv[1])) for p in files)\n"
        "assert all(p.read_text() in names for p in files)\n"
        "Path(sys.argv[3]).write_text(' '.join(names))\n"
    )
    jobs.process(name, code, ProcessingInputs=inputs)
    job = jobs.ended("Processing", name)
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    assert job["ExitMessage"] == "2024-01-01.csv 2024-01-08/part-0.csv"


def test_exit_code_fails_the_job(jobs: Jobs, unique: Unique) -> None:
    name = unique("exit")
    jobs.process(name, "raise SystemExit(3)", ProcessingOutputConfig=wanted(jobs, f"{name}/out"))
    assert "exit code: 3" in jobs.failure("Processing", name)
    assert not jobs.keys(f"{name}/out")


def test_stop_ends_it(jobs: Jobs, unique: Unique) -> None:
    name = unique("stop")
    jobs.process(name, "import time; time.sleep(60)")
    jobs.sagemaker.stop_processing_job(ProcessingJobName=name)
    assert jobs.ended("Processing", name, timeout=60)["ProcessingJobStatus"] == "Stopped"


def test_sandboxed_job_sees_nothing_of_this_machine(
    jobs: Jobs, unique: Unique, request: Any, tmp_path: Path
) -> None:
    """Neither this user's files nor this repository, where the kernel has namespaces."""
    from include.local_aws.containers.sandbox import uses_bubblewrap

    mode = request.node.callspec.params["jobs"]
    secret = tmp_path / "secret"
    secret.write_text("the host's own")
    name = unique("peek")
    code = (
        "import os, pathlib, sys\n"
        f"try: pathlib.Path('{tmp_path}/left').touch()\n"
        "except OSError: pass\n"
        f"seen = os.path.exists('{secret}') or os.path.exists('{Path(__file__)}')\n"
        "pathlib.Path(sys.argv[3]).write_text(f'seen={seen}')\n"
    )
    jobs.process(name, code)
    message = jobs.ended("Processing", name)["ExitMessage"]
    assert message == f"seen={not uses_bubblewrap(mode)}"
    assert (tmp_path / "left").exists() is not uses_bubblewrap(mode)


def test_continuous_output_is_there_before_the_end(jobs: Jobs, unique: Unique) -> None:
    """Two instances with a shard of the input each; their output is uploaded while they run."""
    name = unique("stream")
    for letter in "ab":
        jobs.put(f"{name}/in/{letter}", letter)
    inputs = given(f"s3://{jobs.bucket}/{name}/in/")
    inputs[0]["S3Input"]["S3DataDistributionType"] = "ShardedByS3Key"
    outputs = wanted(jobs, f"{name}/out")
    outputs["Outputs"][0]["S3Output"]["S3UploadMode"] = "Continuous"
    code = (
        "import os, pathlib, sys, time\n"
        "for file in os.listdir(sys.argv[1]): (pathlib.Path(sys.argv[2]) / file).write_text('x')\n"
        "time.sleep(90)\n"
    )
    resources = {"ClusterConfig": CLUSTER | {"InstanceCount": 2}}
    jobs.process(
        name,
        code,
        ProcessingInputs=inputs,
        ProcessingOutputConfig=outputs,
        ProcessingResources=resources,
    )
    deadline = time.monotonic() + 60
    while jobs.keys(f"{name}/out") != [f"{name}/out/a", f"{name}/out/b"]:
        assert time.monotonic() < deadline, jobs.keys(f"{name}/out")
        time.sleep(0.1)
    described = jobs.sagemaker.describe_processing_job(ProcessingJobName=name)
    assert described["ProcessingJobStatus"] == "InProgress"
    jobs.sagemaker.stop_processing_job(ProcessingJobName=name)
    assert jobs.ended("Processing", name)["ProcessingJobStatus"] == "Stopped"


def test_a_job_past_its_time_limit_fails(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """Upload nothing of its output."""
    resources = {"ClusterConfig": {"InstanceType": "ml.m5.large"}}
    request = {"AppSpecification": {"ImageUri": SKLEARN}, "ProcessingResources": resources}
    aws.store.insert("processing-job", "late", request | {"ProcessingJobName": "late"})
    monkeypatch.setattr(aws, "client", lambda *_: None)

    async def of(*_: Any) -> Path:
        return Path()

    async def run(self: processing_jobs.Processing, *_: Any) -> int:
        self.job.stopping = "MaxRuntimeExceeded"
        return -15

    aws.add(SimpleNamespace(of=of), Environments)
    monkeypatch.setattr(processing_jobs.Processing, "_run", run)
    monkeypatch.setattr(processing_jobs.Processing, "_upload", lambda _: pytest.fail("uploaded"))
    job = Job(aws, "processing-job", "late")
    asyncio.run(processing_jobs.Processing(job, "component").work())
    assert job.doc["ProcessingJobStatus"] == "Failed"
    assert job.doc["FailureReason"] == (
        "ClientError: Job exceeded its MaxRuntimeInSeconds and was stopped."
    )


def test_an_image_without_a_command_needs_one(processed: Jobs, unique: Unique) -> None:
    name = unique("command")
    processed.process(name, "", AppSpecification={"ImageUri": SKLEARN})
    reason = processed.failure("Processing", name)
    assert reason.endswith("set AppSpecification.ContainerEntrypoint.")
