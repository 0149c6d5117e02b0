"""Names of a job's steps, by which a restart recognizes them."""

from __future__ import annotations

import asyncio

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.registry import OPERATIONS
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.automl.steps import (
    MOST_ATTEMPTS,
    PROCESSING,
    STEPS,
    TUNING,
    Steps,
    call,
)
from tests.include.local_aws.sagemaker.automl.stored import job

LONGEST = {TUNING: 32}  # characters of a name, by SageMaker's API; 63 of other jobs


@pytest.mark.parametrize("name", ["j", "a-job-whose-name-has-32-character"])
def test_names_are_unique_and_as_short_as_sagemaker_demands(aws: Aws, name: str) -> None:
    steps = Steps(aws, job(AutoMLJobName=name))
    attempts = range(1, MOST_ATTEMPTS + 1)
    names = {steps.name(part, attempt): part for part in STEPS for attempt in attempts}
    assert len(names) == len(STEPS) * MOST_ATTEMPTS
    for step, part in names.items():
        assert len(step) <= LONGEST.get(STEPS[part], 63)
        assert step.startswith(name[:20])


def test_a_job_of_the_same_name_at_another_time_has_other_steps(aws: Aws) -> None:
    first, again = Steps(aws, job()), Steps(aws, job(CreationTime=2000.0))
    assert first.name("db", 1) == Steps(aws, job()).name("db", 1)
    assert first.name("db", 1) != again.name("db", 1)


def test_the_last_attempt_at_a_step_counts(aws: Aws) -> None:
    steps = Steps(aws, job())
    assert steps.begun() == {}
    for attempt in (1, 2):
        name = steps.name("db", attempt)
        aws.store.insert(PROCESSING.kind, name, {"ProcessingJobName": name})
    assert steps.begun() == {"db": {"ProcessingJobName": steps.name("db", 2)}}
    assert steps.get("db", 3) is None


def test_a_step_of_a_candidate_names_the_kind_of_job() -> None:
    doc = {"ProcessingJobArn": "arn:p", "ProcessingJobName": "p", "ProcessingJobStatus": "Stopped"}
    assert PROCESSING.status(doc) == "Stopped"
    assert PROCESSING.candidate_step(doc) == {
        "CandidateStepType": "AWS::SageMaker::ProcessingJob",
        "CandidateStepArn": "arn:p",
        "CandidateStepName": "p",
    }


@pytest.mark.parametrize("waits", [True, False])
def test_an_operation_answers_whether_it_waits_or_not(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, waits: bool
) -> None:
    def at_once(aws: Aws, request: Doc) -> Doc:
        return {"answered": request}

    async def later(aws: Aws, request: Doc) -> Doc:
        return at_once(aws, request)

    monkeypatch.setitem(OPERATIONS, ("sagemaker", "Asked"), later if waits else at_once)
    assert asyncio.run(call(aws, "Asked", {"A": 1})) == {"answered": {"A": 1}}
