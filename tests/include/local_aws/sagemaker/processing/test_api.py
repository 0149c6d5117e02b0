"""Creating processing jobs: paths that are not below /opt/ml/processing are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.jobs import Jobs
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]
PATHS = [
    "/opt/ml/processing/../../../../etc",
    "/opt/ml/processing",
    "/opt/ml/processingx/a",
    "/opt/ml/output",
    "/etc",
    "",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("side", ["input", "output"])
def test_a_path_elsewhere_is_refused(jobs: Jobs, unique: Unique, path: str, side: str) -> None:
    uri = f"s3://{jobs.bucket}/x/"
    source = {"S3Uri": uri, "LocalPath": path, "S3DataType": "S3Prefix", "S3InputMode": "File"}
    target = {"S3Uri": uri, "LocalPath": path, "S3UploadMode": "EndOfJob"}
    members: dict[str, Any] = {"ProcessingInputs": [{"InputName": "in", "S3Input": source}]}
    if side == "output":
        outputs = [{"OutputName": "out", "S3Output": target}]
        members = {"ProcessingOutputConfig": {"Outputs": outputs}}
    code, message = refusal(jobs.process, name=unique("path"), code="pass", **members)
    assert code == "ValidationException"
    assert "Give a folder below /opt/ml/processing" in message


def test_an_input_needs_s3(jobs: Jobs, unique: Unique) -> None:
    athena = {
        "Catalog": "c",
        "Database": "d",
        "QueryString": "select 1",
        "OutputS3Uri": "s3://b/o",
        "OutputFormat": "PARQUET",
    }
    given = [{"InputName": "in", "DatasetDefinition": {"AthenaDatasetDefinition": athena}}]
    code, message = refusal(
        jobs.process, name=unique("athena"), code="pass", ProcessingInputs=given
    )
    assert code == "ValidationException"
    assert "'in' needs an S3Input" in message
