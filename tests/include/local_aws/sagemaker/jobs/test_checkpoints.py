"""Checkpoints: copied to S3 while the job runs, without any other file of this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from include.local_aws.core.volume import Volume
from include.local_aws.sagemaker.jobs.checkpoints import UNFINISHED, Checkpoints
from include.local_aws.sagemaker.jobs.cluster import Host
from tests.include.local_aws.jobs import KMS_KEY, Jobs
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


@pytest.mark.parametrize(
    "path",
    [
        "/opt/ml/../../etc",
        "/opt/ml/checkpoints/../../..",
        "/opt/ml",
        "/opt/mlx/a",
        "/etc",
        "checkpoints",
        "/opt/ml/\0",
    ],
)
def test_a_path_out_of_the_job_is_refused(jobs: Jobs, unique: Unique, path: str) -> None:
    config = {"S3Uri": f"s3://{jobs.bucket}/stolen", "LocalPath": path}
    code, message = refusal(jobs.run, name=unique("path"), code="pass", CheckpointConfig=config)
    assert code == "ValidationException"
    assert "CheckpointConfig.LocalPath" in message
    assert "Give a folder below /opt/ml" in message


def test_a_path_of_ones_own_is_kept(jobs: Jobs, unique: Unique) -> None:
    name = unique("own")
    config = {"S3Uri": f"s3://{jobs.bucket}/{name}", "LocalPath": "/opt/ml/deep/kept/"}
    code = "for path in ('deep/kept/epoch', 'model/a'): open('/opt/ml/' + path, 'w').write('5')"
    output = {"S3OutputPath": f"s3://{jobs.bucket}/models", "KmsKeyId": KMS_KEY}
    jobs.run(name, code, CheckpointConfig=config, OutputDataConfig=output)
    job = jobs.ended("Training", name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert jobs.keys(name) == [f"{name}/epoch"]
    written = (f"s3://{jobs.bucket}/{name}/epoch", job["ModelArtifacts"]["S3ModelArtifacts"])
    assert {jobs.encryption(uri) for uri in written} == {("aws:kms", KMS_KEY)}


@pytest.mark.parametrize("exchanged", ["checkpoints", "checkpoints/sub", "checkpoints/file"])
def test_a_link_in_its_place_uploads_nothing(
    jobs: Jobs, unique: Unique, tmp_path: Path, exchanged: str
) -> None:
    """Neither the folder, a folder of it nor a file: not while the job runs, not at its end."""
    (tmp_path / "id_rsa").write_text("the host's own")
    name = unique("link")
    target = tmp_path / "id_rsa" if exchanged.endswith("file") else tmp_path
    code = (
        "import os, shutil, time\n"
        f"at = '/opt/ml/{exchanged}'\n"
        "shutil.rmtree(at, ignore_errors=True)\n"
        f"os.symlink('{target}', at)\n"
        "time.sleep(1)\n"
    )
    config = {"S3Uri": f"s3://{jobs.bucket}/{name}"}
    jobs.run(name, code, CheckpointConfig=config)
    assert jobs.ended("Training", name)["TrainingJobStatus"] == "Completed"
    assert jobs.keys(name) == []


def test_a_new_instance_does_not_write_through_a_link(
    jobs: Jobs, unique: Unique, tmp_path: Path
) -> None:
    """Files of an interrupted instance are deleted before the checkpoints are restored."""
    name = unique("back")
    jobs.put(f"{name}/authorized_keys", "mine")
    code = (
        "import os, shutil, time\n"
        "print('up', flush=True)\n"
        "if os.path.exists('/opt/ml/checkpoints/once'): raise SystemExit\n"
        "open('/opt/ml/checkpoints/once', 'w').close(); time.sleep(1.5)\n"
        "shutil.rmtree('/opt/ml/checkpoints')\n"
        f"os.symlink('{tmp_path}', '/opt/ml/checkpoints')\n"
        "print('linked', flush=True); time.sleep(80)\n"
    )
    jobs.run(
        name,
        code,
        CheckpointConfig={"S3Uri": f"s3://{jobs.bucket}/{name}"},
        RetryStrategy={"MaximumRetryAttempts": 1},
    )
    jobs.wait_for_line("/aws/sagemaker/TrainingJobs", name, "linked")
    jobs.fault({"resource": "training-job", "name": name, "event": "interrupt"})
    assert jobs.ended("Training", name)["TrainingJobStatus"] == "Completed"
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_sent_once_it_is_complete(tmp_path: Path) -> None:
    """Wait until the XGBoost image has renamed a checkpoint, and send it once."""
    sent: list[str] = []

    def upload(file: Any, bucket: str, key: str, **_: Any) -> None:
        sent.append(f"{bucket}/{key}")

    host = Host(0, "algo-1", "127.0.0.1", tmp_path, Volume(99))
    s3 = SimpleNamespace(upload_fileobj=upload)
    checkpoints = Checkpoints(s3, {"S3Uri": "s3://b/kept"}, [host], {})
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    writing = folder / f"epoch-1{UNFINISHED}"
    writing.write_text("5")
    checkpoints.upload()
    assert sent == []
    writing.rename(folder / "epoch-1")
    for _ in range(2):
        checkpoints.upload()
    assert sent == ["b/kept/epoch-1"]
