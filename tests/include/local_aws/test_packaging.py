"""The embedded AWS as a wheel, in an environment without the rest of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import wheels
from tests.root import ROOT

# A file of tests that a user writes: the fixture comes with the wheel.
USERS_TEST = """
import json, sys, time
import boto3

MONITOR = "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer"
ROWS = "x,y\\n" + "".join(f"{n},{n % 2}\\n" for n in range(20))

def test_the_monitor_suggests_a_baseline(local_aws):
    s3, sagemaker = boto3.client("s3"), boto3.client("sagemaker")
    s3.create_bucket(Bucket="alone")
    s3.put_object(Bucket="alone", Key="rows.csv", Body=ROWS.encode())
    place = {"LocalPath": "/opt/ml/processing/input", "S3DataType": "S3Prefix"}
    place |= {"S3InputMode": "File", "S3Uri": "s3://alone/rows.csv"}
    output = {"LocalPath": "/opt/ml/processing/output", "S3UploadMode": "EndOfJob"}
    sagemaker.create_processing_job(
        ProcessingJobName="baseline",
        RoleArn="arn:aws:iam::000000000000:role/alone",
        AppSpecification={"ImageUri": MONITOR},
        ProcessingInputs=[{"InputName": "rows", "S3Input": place}],
        ProcessingOutputConfig={"Outputs": [
            {"OutputName": "out", "S3Output": output | {"S3Uri": "s3://alone/out"}}]},
        ProcessingResources={"ClusterConfig": {
            "InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}},
        Environment={
            "dataset_source": "/opt/ml/processing/input",
            "dataset_format": json.dumps({"csv": {"header": True}}),
            "output_path": "/opt/ml/processing/output",
        },
    )
    sagemaker.get_waiter("processing_job_completed_or_stopped").wait(
        ProcessingJobName="baseline", WaiterConfig={"Delay": 1, "MaxAttempts": 300})
    job = sagemaker.describe_processing_job(ProcessingJobName="baseline")
    assert job["ProcessingJobStatus"] == "Completed", job
    keys = [o["Key"] for o in s3.list_objects_v2(Bucket="alone", Prefix="out")["Contents"]]
    assert "out/statistics.json" in keys
    assert {name.split(".")[0] for name in sys.modules} & {"include", "prodml", "airflow"} == set()
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheels.installed(ROOT / "include" / "local_aws", tmp_path_factory.mktemp("wheel"))


def test_its_fixture_runs_jobs_with_the_analyzer_of_the_wheel(python: Path, tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(USERS_TEST)
    output = wheels.run(python, "pytest", "-q", "-p", "no:cacheprovider", folder=tmp_path)
    assert "1 passed" in output


def test_it_has_a_command(python: Path, tmp_path: Path) -> None:
    usage = wheels.run(python, "prodml-local-aws", "--help", folder=tmp_path)
    assert "--time-scale" in usage
