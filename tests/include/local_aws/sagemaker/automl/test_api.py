from __future__ import annotations

from collections.abc import Callable

import pytest

from include.local_aws.core.store import Doc
from include.local_aws.testing import Server
from tests.include.local_aws.jobs import Jobs, made
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.automl.tables import ended, request, table

Unique = Callable[[str], str]


@pytest.fixture(scope="module")
def jobs(local_aws: Server) -> Jobs:
    return made(local_aws, "automl")


@pytest.mark.parametrize(
    ("tabular", "members", "sentence"),
    [
        ({"SampleWeightAttributeName": "w"}, {}, "SampleWeightAttributeName is not emulated"),
        ({}, {"AutoMLJobName": "a" * 33}, "less than or equal to 32"),
    ],
)
def test_what_is_not_emulated_is_refused_by_name(
    jobs: Jobs, tabular: Doc, members: Doc, sentence: str
) -> None:
    asked = request(jobs, "refused", "s3://automl/none", tabular, **members)
    code, message = refusal(jobs.sagemaker.create_auto_ml_job_v2, **asked)
    assert code == "ValidationException"
    assert sentence in message


def test_a_job_of_the_second_version_can_be_stopped(jobs: Jobs, unique: Unique) -> None:
    """It ends its running step; its name stays taken, and the first version does not know it."""
    name, api = unique("stop"), jobs.sagemaker
    asked = request(jobs, name, jobs.put(f"{name}/data.csv", table()))
    api.create_auto_ml_job_v2(**asked)
    assert refusal(api.create_auto_ml_job_v2, **asked)[0] == "ResourceInUse"
    assert refusal(api.describe_auto_ml_job, AutoMLJobName=name)[0] == "ResourceNotFound"
    assert refusal(api.describe_auto_ml_job_v2, AutoMLJobName="none")[0] == "ResourceNotFound"
    api.stop_auto_ml_job(AutoMLJobName=name)
    job = ended(jobs, name)
    assert (job["AutoMLJobStatus"], job["AutoMLJobSecondaryStatus"]) == ("Stopped", "Stopped")
    assert api.list_candidates_for_auto_ml_job(AutoMLJobName=name)["Candidates"] == []
    steps = api.list_processing_jobs(NameContains=name)["ProcessingJobSummaries"]
    assert all(step["ProcessingJobStatus"] in ("Stopped", "Completed") for step in steps)


@pytest.mark.parametrize(
    ("rows", "limits", "sentence"),
    [
        (20, {"MaxCandidates": 1}, "The training data have 20 rows with a target. AutoML needs"),
        (520, {"MaxAutoMLJobRuntimeInSeconds": 1}, "before a candidate was trained"),
    ],
)
def test_a_job_that_cannot_train_fails_with_the_reason(
    jobs: Jobs, unique: Unique, rows: int, limits: Doc, sentence: str
) -> None:
    name = unique("bad")
    data = jobs.put(f"{name}/data.csv", table(rows))
    asked = request(jobs, name, data, {"CompletionCriteria": limits})
    jobs.sagemaker.create_auto_ml_job_v2(**asked)
    job = ended(jobs, name)
    assert (job["AutoMLJobStatus"], job["AutoMLJobSecondaryStatus"]) == ("Failed", "Failed")
    assert sentence in job["FailureReason"]
