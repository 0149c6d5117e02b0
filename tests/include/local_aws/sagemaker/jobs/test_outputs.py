"""Outputs of processing jobs: uploaded at the end or while they run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.include.local_aws.jobs import KMS_KEY, OUTPUT, Jobs

Unique = Callable[[str], str]


def output(jobs: Jobs, prefix: str, mode: str = "EndOfJob") -> dict[str, Any]:
    target = {
        "S3Uri": f"s3://{jobs.bucket}/{prefix}",
        "LocalPath": OUTPUT,
        "S3UploadMode": mode,
    }
    return {"Outputs": [{"OutputName": "result", "S3Output": target}]}


@pytest.mark.parametrize("mode", ["EndOfJob", "Continuous"])
def test_outputs_are_encrypted_with_the_key_of_the_request(
    jobs: Jobs, unique: Unique, mode: str
) -> None:
    name = unique("keyed")
    code = "import sys; open(sys.argv[2] + '/a', 'w').write('x')"
    wanted = output(jobs, name, mode) | {"KmsKeyId": KMS_KEY}
    jobs.process(name, code, ProcessingOutputConfig=wanted)
    job = jobs.ended("Processing", name)
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    assert jobs.encryption(f"s3://{jobs.bucket}/{name}/a") == ("aws:kms", KMS_KEY)


@pytest.mark.parametrize("mode", ["EndOfJob", "Continuous"])
def test_a_link_in_place_of_the_folder_uploads_nothing(
    jobs: Jobs, unique: Unique, tmp_path: Path, mode: str
) -> None:
    (tmp_path / "secret").write_text("the host's own")
    name = unique("link")
    code = (
        "import os, shutil, sys\n"
        "shutil.rmtree(sys.argv[2])\n"
        f"os.symlink('{tmp_path}', sys.argv[2])\n"
        "os.makedirs(os.path.dirname(sys.argv[3]), exist_ok=True)\n"
        f"os.symlink('{tmp_path}/secret', sys.argv[3])\n"
    )
    jobs.process(name, code, ProcessingOutputConfig=output(jobs, name, mode))
    job = jobs.ended("Processing", name)
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    assert "ExitMessage" not in job
    assert jobs.keys(f"{name}/") == []


def test_a_bucket_that_is_not_there_fails_the_job_with_the_reason(
    jobs: Jobs, unique: Unique
) -> None:
    name = unique("nowhere")
    wanted = output(jobs, name)
    wanted["Outputs"][0]["S3Output"]["S3Uri"] = "s3://no-such-bucket-here/out"
    code = "import sys; open(sys.argv[2] + '/a', 'w').write('x')"
    jobs.process(name, code, ProcessingOutputConfig=wanted)
    job = jobs.ended("Processing", name)
    assert job["FailureReason"].startswith("ClientError: Output upload failed")
    assert job["ProcessingEndTime"] >= job["ProcessingStartTime"]
