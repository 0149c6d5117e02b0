"""Images beyond the built-in ones: the template of a custom image, and packages of an archive."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.containers.images import image_for
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.jobs import (
    CLUSTER,
    INPUT,
    OUTPUT,
    REGISTRY,
    ROLE,
    SKLEARN,
    Jobs,
    channel,
)
from tests.include.local_aws.sagemaker.training.test_job import GROUP
from tests.include.local_aws.sagemaker.transform.test_job import transform

Unique = Callable[[str], str]
OWN = f"{REGISTRY}/template:v1"
ROWS = "5,1,2\n9,4,3\n8,2,4\n8,3,3\n"  # the label is the sum, and 2
SCRIPT = """
import iniconfig, os, pathlib
import sklearn

def model_fn(model_dir):
    return float(iniconfig.IniConfig(os.path.join(model_dir, "model.ini"))["line"]["slope"])

def input_fn(body, content_type):
    return [float(line) for line in (body.decode() if isinstance(body, bytes) else body).split()]

def predict_fn(rows, slope):
    return [f"{slope * row:g} of {len(rows)} rows" for row in rows]

def output_fn(answers, accept):
    return "".join(f"{answer}\\n" for answer in answers)

if __name__ == "__main__":
    print("found", sklearn.__version__, iniconfig.__name__, flush=True)
    model = pathlib.Path(os.environ["SM_MODEL_DIR"], "model.ini")
    model.write_text("[line]\\nslope = 2\\n")
"""


@pytest.mark.parametrize("uri", ["..", "a/..:..", "é" * 200, "x" * 400, "a\x00b", "", "/", ":"])
def test_other_names_are_unknown(uri: str) -> None:
    with pytest.raises(AwsError, match="does not emulate the image"):
        image_for(uri)


@pytest.mark.parametrize(("framework", "oldest"), [("xgboost", "1.7-1"), ("sklearn", "1.2-1")])
def test_each_recent_version_that_the_sdk_names_is_known(framework: str, oldest: str) -> None:
    sdk = pytest.importorskip("sagemaker.core.image_uris", exc_type=ImportError)
    stated = sdk.config_for_framework(framework)
    versions = {v for scope in ("training", "inference") for v in stated[scope]["versions"]}
    recent = [version for version in versions if number(version) >= number(oldest)]
    assert len(recent) >= 3
    for version in recent:
        uri = sdk.retrieve(framework, "eu-west-1", version, instance_type="ml.m5.large")
        assert image_for(uri).name == uri.rpartition("/")[2]


def number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split("-")[0].split(".")[:2]))


def model_of(jobs: Jobs, name: str, image: str, environment: dict[str, str]) -> str:
    job = jobs.ended("Training", name, timeout=600)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    container = {
        "Image": image,
        "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"],
        "Environment": environment,
    }
    jobs.sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE)
    return name


def own_job(jobs: Jobs, name: str, rows: str) -> None:
    data = [channel(c, jobs.put(f"{name}/{c}/rows.csv", rows)) for c in ("train", "validation")]
    metric = {"Name": "train:rmse", "Regex": "train:rmse=([0-9.]+);"}
    specification = {
        "TrainingImage": OWN,
        "TrainingInputMode": "File",
        "MetricDefinitions": [metric],
    }
    jobs.train(
        name,
        OWN,
        HyperParameters={"alpha": "0.000001"},
        InputDataConfig=data,
        AlgorithmSpecification=specification,
    )


def test_the_template_of_an_own_image_trains_and_serves(jobs: Jobs, unique: Unique) -> None:
    name = unique("own")
    own_job(jobs, name, ROWS)
    model = model_of(jobs, name, OWN, {})
    metrics = jobs.ended("Training", name)["FinalMetricDataList"]
    assert [(m["MetricName"], round(m["Value"], 3)) for m in metrics] == [("train:rmse", 0)]
    jobs.put(f"{name}/in/rows.csv", "10,20\n0,0\n")
    assert transform(jobs, name, model)["TransformJobStatus"] == "Completed"
    answers = jobs.read(f"s3://{jobs.bucket}/{name}/out/rows.csv.out").split()
    assert [round(float(answer), 3) for answer in answers] == [32, 2]


def test_the_templates_failure_is_the_jobs_reason(jobs: Jobs, unique: Unique) -> None:
    name = unique("own")
    own_job(jobs, name, "5,one,2\n")
    assert "ValueError: could not convert string 'one'" in jobs.failure("Training", name)


def test_an_archive_brings_its_requirements_to_training_and_serving(
    jobs: Jobs, unique: Unique
) -> None:
    """One request has many records, and the script's handlers answer each of them."""
    name = unique("packages")
    files = {"train.py": SCRIPT, "requirements.txt": "# one small package\niniconfig==2.1.0\n"}
    given = jobs.sources(name, files)
    jobs.train(name, SKLEARN, HyperParameters=given)
    model = model_of(jobs, name, SKLEARN, served(given))
    assert "found 1.4.2 iniconfig" in jobs.lines(GROUP, name)
    jobs.put(f"{name}/in/rows.csv", "1\n2\n3\n")
    assert transform(jobs, name, model)["TransformJobStatus"] == "Completed"
    body = jobs.read(f"s3://{jobs.bucket}/{name}/out/rows.csv.out")
    assert body == b"2 of 3 rows\n4 of 3 rows\n6 of 3 rows\n"


def served(given: dict[str, Any]) -> dict[str, str]:
    """Return a model's environment that names its training script."""
    return {
        "SAGEMAKER_PROGRAM": json.loads(given["sagemaker_program"]),
        "SAGEMAKER_SUBMIT_DIRECTORY": json.loads(given["sagemaker_submit_directory"]),
    }


# Packages of AWS's images besides their framework, and packages that a script installs.
LISTS = (
    "import boto3, iniconfig, sklearn; "
    'print(sklearn.__version__, len(boto3.client("s3").list_buckets()["Buckets"]) > 0)'
)


def test_a_request_may_bring_its_own_entry_point(jobs: Jobs, unique: Unique) -> None:
    name = unique("entry")
    specification = {
        "TrainingImage": SKLEARN,
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["/bin/sh", "-c"],
        "ContainerArguments": [f"pip install iniconfig==2.1.0 && python3 -c '{LISTS}'"],
    }
    jobs.train(name, SKLEARN, AlgorithmSpecification=specification)
    job = jobs.ended("Training", name)
    assert job["TrainingJobStatus"] == "Completed", jobs.lines(GROUP, name)
    assert jobs.lines(GROUP, name)[-1] == "1.4.2 True"


def test_an_own_image_processes_by_its_entry_point(jobs: Jobs, unique: Unique) -> None:
    name = unique("own-process")
    given = {
        "S3Uri": jobs.put(f"{name}/in/rows.csv", "1,2\n3,6\n"),
        "LocalPath": INPUT,
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
    }
    kept = {
        "S3Uri": f"s3://{jobs.bucket}/{name}/out",
        "LocalPath": OUTPUT,
        "S3UploadMode": "EndOfJob",
    }
    jobs.sagemaker.create_processing_job(
        ProcessingJobName=name,
        RoleArn=ROLE,
        AppSpecification={"ImageUri": OWN},
        ProcessingInputs=[{"InputName": "rows", "S3Input": given}],
        ProcessingOutputConfig={"Outputs": [{"OutputName": "means", "S3Output": kept}]},
        ProcessingResources={"ClusterConfig": CLUSTER},
    )
    job = jobs.ended("Processing", name)
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    assert jobs.read(f"{kept['S3Uri']}/means.csv") == b"2,4\n"
