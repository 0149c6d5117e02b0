"""Know whether what a completed job has made is still what it made."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.aws.s3 import split
from prodml.jobs.jobs import Jobs
from prodml.jobs.outputs import note, untouched
from prodml.vocabulary import TRAINING, Json

from include.local_aws.testing import Server


@pytest.fixture(scope="module")
def jobs() -> Jobs:
    return Jobs(Aws(), TRAINING)


@pytest.fixture
def job(sagemaker: Any, unique: str) -> Json:
    """A completed job as it is described; its tags are those of a resource that is made faster."""
    arn = sagemaker.create_experiment(ExperimentName=unique)["ExperimentArn"]
    return {"TrainingJobArn": arn, "TrainingEndTime": datetime.now(UTC) + timedelta(hours=1)}


@pytest.fixture
def uris(s3: Any, bucket: str, unique: str) -> list[str]:
    """One folder with the one object that the job has made."""
    s3.put_object(Bucket=bucket, Key=f"{unique}/model.tar.gz", Body=b"model")
    return [f"s3://{bucket}/{unique}/"]


def test_what_was_left_alone_is_untouched(jobs: Jobs, s3: Any, job: Json, uris: list[str]) -> None:
    note(jobs, s3, job, uris)
    assert untouched(jobs, s3, job, uris)


@pytest.mark.parametrize("change", ["deleted", "overwritten"])
def test_what_was_changed_is_noticed_and_never_noted_anew(
    change: str, jobs: Jobs, s3: Any, bucket: str, unique: str, job: Json, uris: list[str]
) -> None:
    note(jobs, s3, job, uris)
    place = {"Bucket": bucket, "Key": f"{unique}/model.tar.gz"}
    if change == "deleted":
        s3.delete_object(**place)
    else:
        s3.put_object(**place, Body=b"another")
    note(jobs, s3, job, uris)
    assert not untouched(jobs, s3, job, uris)


def test_what_others_add_after_its_end_does_not_count(
    jobs: Jobs, s3: Any, bucket: str, unique: str, job: Json, uris: list[str]
) -> None:
    made = s3.head_object(Bucket=bucket, Key=f"{unique}/model.tar.gz")["LastModified"]
    job["TrainingEndTime"] = made
    note(jobs, s3, job, uris)
    place = {"Bucket": bucket, "Key": f"{unique}/report.html"}
    s3.put_object(**place, Body=b"later")
    while s3.head_object(**place)["LastModified"] <= made:  # S3 knows whole seconds
        s3.put_object(**place, Body=b"later")
    assert untouched(jobs, s3, job, uris)


def test_without_a_note_something_has_to_be_there(
    jobs: Jobs, s3: Any, bucket: str, unique: str, job: Json, uris: list[str]
) -> None:
    assert untouched(jobs, s3, job, [])
    assert untouched(jobs, s3, job, uris)
    assert not untouched(jobs, s3, job, [f"s3://{bucket}/{unique}-empty/"])


def test_a_note_that_is_refused_is_a_warning(
    jobs: Jobs,
    s3: Any,
    server: Server,
    job: Json,
    uris: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    denied = {"operation": "AddTags", "error": "AccessDeniedException", "status": 400}
    with server.faults(denied), caplog.at_level(logging.WARNING):
        note(jobs, s3, job, uris)
    assert f"Cannot tag {job['TrainingJobArn']} with the digest of its outputs" in caplog.text
    assert untouched(jobs, s3, job, uris)


def test_the_same_bytes_written_later_are_not_what_the_job_made(
    jobs: Jobs, s3: Any, trained: dict[str, Any]
) -> None:
    description = jobs.describe(trained["job_name"])
    uri = description["ModelArtifacts"]["S3ModelArtifacts"]
    bucket, key = split(uri)
    content = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    note(jobs, s3, description, [uri])
    assert untouched(jobs, s3, description, [uri])
    s3.put_object(Bucket=bucket, Key=key, Body=content)
    while s3.head_object(Bucket=bucket, Key=key)["LastModified"] <= description["TrainingEndTime"]:
        s3.put_object(Bucket=bucket, Key=key, Body=content)
    assert not untouched(jobs, s3, description, [uri])
