"""A completed job is used again only while what it made is untouched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.aws.s3 import split
from prodml.jobs.jobs import Jobs
from prodml.jobs.outputs import note, untouched
from prodml.vocabulary import TRAINING


@pytest.fixture
def made(trained: dict[str, Any]) -> tuple[Jobs, dict[str, Any]]:
    jobs = Jobs(Aws(), TRAINING)
    return jobs, jobs.describe(trained["job_name"])


def test_outputs_are_untouched_until_one_is_overwritten(
    s3: Any, made: tuple[Jobs, dict[str, Any]]
) -> None:
    jobs, description = made
    uri = description["ModelArtifacts"]["S3ModelArtifacts"]
    bucket, key = split(uri)
    content = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    note(jobs, s3, description, [uri])
    assert untouched(jobs, s3, description, [uri])
    s3.delete_object(Bucket=bucket, Key=key)
    assert not untouched(jobs, s3, description, [uri])
    s3.put_object(Bucket=bucket, Key=key, Body=content)
    # The same bytes written later are not what the job made.
    assert not untouched(jobs, s3, description, [uri])


def test_what_others_put_there_later_does_not_count(
    s3: Any, bucket: str, unique: str, sagemaker: Any
) -> None:
    """The job of this test is a resource with tags; its outputs are files under one prefix."""
    made = sagemaker.create_model_package_group(ModelPackageGroupName=unique)
    arn, uri = made["ModelPackageGroupArn"], f"s3://{bucket}/{unique}/"
    s3.put_object(Bucket=bucket, Key=f"{unique}/a.csv", Body=b"1")
    ended = datetime.now(UTC) + timedelta(seconds=1)
    description = {"TrainingJobArn": arn, "TrainingEndTime": ended}
    jobs = Jobs(Aws(), TRAINING)
    assert untouched(jobs, s3, description, [uri])  # nothing noted: something is there
    assert not untouched(jobs, s3, description, [f"{uri}missing/"])
    note(jobs, s3, description, [uri])
    earlier = description | {"TrainingEndTime": ended - timedelta(days=1)}
    assert untouched(jobs, s3, description, [uri])
    assert not untouched(jobs, s3, earlier, [uri])
