"""A job as the pages show it: its owner, pipeline, limits and cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prodml.jobs.billing import Rates
from prodml.studio.jobs.job import Place, job_of
from prodml.vocabulary import PROCESSING, TRAINING, TRANSFORM, TUNING, Json, Kind

from tests.plugins.prodml.studio.jobs.searched import NOON, OWNER, training_job

PLACE = Place("acme", "s3://acme-models")
RATES = Rates({"ml.m5.large": 0.36})


def test_a_job_has_its_owner_pipeline_and_cost() -> None:
    job = job_of(TRAINING, training_job(1, NOON), PLACE)
    assert job
    assert (job.owner, job.pipeline) == (OWNER, "churn")
    assert job.usd(RATES, NOON) == pytest.approx(2 * 100 * 0.0001)
    assert job.usd_at_most(RATES) == pytest.approx(2 * 1800 * 0.0001)
    assert job.usd(Rates({}), NOON) is None


def test_a_running_job_costs_so_far() -> None:
    described = training_job(1, NOON, TrainingJobStatus="InProgress", TrainingEndTime=None)
    del described["BillableTimeInSeconds"]
    job = job_of(TRAINING, described, PLACE)
    assert job
    assert job.running
    assert job.seconds(NOON + timedelta(seconds=50)) == 150


@pytest.mark.parametrize(
    ("tags", "name", "ours"),
    [
        (OWNER.tags(1, "digest"), "any", True),
        ([], "acme-train-0a1b2c3d-0a1b2c", True),
        ([], "acme-of-a-colleague", False),
        ([], "other-train-0a1b2c3d-0a1b2c", False),
    ],
)
def test_only_jobs_of_the_deployment_are_ours(
    tags: list[dict[str, str]], name: str, ours: bool
) -> None:
    described = training_job(1, NOON, Tags=tags, TrainingJobName=name)
    assert (job_of(TRAINING, described, PLACE) is not None) is ours


@pytest.mark.parametrize(
    ("kind", "output"),
    [
        (PROCESSING, {"ProcessingOutputConfig": {"Outputs": [{"S3Output": {"S3Uri": "URI"}}]}}),
        (TRANSFORM, {"TransformOutput": {"S3OutputPath": "URI"}}),
        (TUNING, {"TrainingJobDefinition": {"OutputDataConfig": {"S3OutputPath": "URI"}}}),
    ],
)
def test_each_kind_writes_to_the_folder_of_its_pipeline(kind: Kind, output: Json) -> None:
    described = {
        kind.name_key: "acme-x-0a1b2c3d-0a1b2c",
        f"{kind.noun}Arn": "arn",
        kind.status_member: "Completed",
        "CreationTime": NOON,
        **_addressed(output, "s3://acme-models/churn/runs/1"),
    }
    job = job_of(kind, described, PLACE)
    assert job
    assert job.pipeline == "churn"
    assert PLACE.pipeline("s3://another-bucket/churn") == ""


def _addressed(document: Json, uri: str) -> Json:
    """Return *document* with *uri* instead of URI."""
    return {
        name: _addressed(value, uri)
        if isinstance(value, dict)
        else [_addressed(item, uri) for item in value]
        if isinstance(value, list)
        else uri
        for name, value in document.items()
    }
