from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.include.local_aws.jobs import Jobs
from tests.include.local_aws.models import IMAGE, ROLE
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.transform.test_job import transform

Unique = Callable[[str], str]


def test_unknown_model_is_refused(jobs: Jobs, unique: Unique) -> None:
    code, message = refusal(transform, jobs=jobs, name=unique("who"), model="unknown")
    assert code == "ValidationException"
    assert "Could not find model" in message


def test_model_of_a_data_source_is_refused(jobs: Jobs, unique: Unique) -> None:
    name = unique("source")
    source = {"S3Uri": "s3://b/m/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    container = {"Image": IMAGE, "ModelDataSource": {"S3DataSource": source}}
    jobs.sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE)
    _, message = refusal(transform, jobs=jobs, name=unique("who"), model=name)
    assert "ModelDataSource, which is not supported with batch transform" in message


def test_strategy_needs_a_split(jobs: Jobs, model: str, unique: Unique) -> None:
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{jobs.bucket}/x/"}
    whole = {"DataSource": {"S3DataSource": source}, "SplitType": "None"}
    code, message = refusal(
        transform, jobs=jobs, name=unique("split"), model=model, TransformInput=whole
    )
    assert code == "ValidationException"
    assert "SplitType" in message


def test_filters_that_aws_refuses_are_refused(jobs: Jobs, model: str, unique: Unique) -> None:
    output = {"S3OutputPath": "s3://jobs/x", "AssembleWith": "Line", "Accept": "text/csv"}
    for path, sentence in (("$.my_name", "Unexpected"), ("$.name", "CSV"), ("$[0:2]", "[1:]")):
        code, message = refusal(
            transform,
            jobs=jobs,
            name=unique("filter"),
            model=model,
            TransformOutput=output,
            DataProcessing={"OutputFilter": path},
        )
        assert code == "ValidationException"
        assert f'Invalid OutputFilter: "{path}"' in message
        assert sentence in message


def test_modes_that_a_transform_cannot_have_are_refused(jobs: Jobs, unique: Unique) -> None:
    name = unique("many")
    container = {"Image": IMAGE, "Mode": "MultiModel", "ModelDataUrl": "s3://b/m/"}
    jobs.sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE)
    request: dict[str, Any] = {"jobs": jobs, "name": unique("who"), "model": name}
    message = refusal(transform, **request)[1]
    assert message.endswith("Use a model with Mode SingleModel.")
    jobs.sagemaker.delete_model(ModelName=name)
    container = {"Image": IMAGE, "ModelDataUrl": "s3://b/m.tar.gz"}
    jobs.sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE)
    message = refusal(transform, **request, MaxPayloadInMB=60, MaxConcurrentTransforms=2)[1]
    assert message == "MaxConcurrentTransforms x MaxPayloadInMB is 120, above 100."
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/in"}}
    records = {"DataSource": source, "SplitType": "RecordIO"}
    message = refusal(transform, **request, TransformInput=records)[1]
    assert message.startswith("SplitType RecordIO is not emulated")
