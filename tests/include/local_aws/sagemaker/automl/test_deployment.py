"""The deployment of the best candidate, which a restart may interrupt."""

from __future__ import annotations

import asyncio

import pytest

from include.local_aws import operations  # noqa: F401  (registers the handlers)
from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.automl import deployment
from include.local_aws.sagemaker.automl.steps import call
from include.local_aws.sagemaker.jobs.runner import Job
from include.local_aws.wire.errors import validation
from tests.include.local_aws.jobs import ROLE, SKLEARN

BEST = "job-001"
WINNER = {"CandidateName": BEST, "InferenceContainers": [{"Image": SKLEARN, "Environment": {}}]}
CONFIG = {"EndpointName": "best"}
ENDPOINT = {"EndpointName": "best", "EndpointStatus": "InService", "EndpointConfigName": BEST}


def test_a_restart_continues_the_deployment(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """A resource that the job made before is not created again, which AWS refuses."""
    aws.store.insert("automl-job", "job", {"RoleArn": ROLE, "ModelDeployConfig": CONFIG})

    async def without_processes(aws: Aws, operation: str, request: Doc) -> Doc:
        if not operation.endswith("Endpoint"):
            return await call(aws, operation, request)
        if operation == "CreateEndpoint":
            aws.store.insert("endpoint", "best", ENDPOINT)
        return ENDPOINT

    monkeypatch.setattr(deployment, "call", without_processes)
    job = Job(aws, "automl-job", "job")
    reasons = [asyncio.run(deployment.deploy(job, WINNER)) for _ in ("begun", "resumed")]
    assert reasons == [None, None]
    assert job.doc["ModelDeployResult"] == CONFIG


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (validation("Taken."), "The deployment of job-001 failed: Taken."),
        (
            ENDPOINT | {"EndpointStatus": "Failed", "FailureReason": "no ping"},
            "Endpoint best is Failed: no ping",
        ),
    ],
)
def test_a_deployment_that_fails_has_the_reason(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, answer: Doc | Exception, reason: str
) -> None:
    aws.store.insert("automl-job", "job", {"RoleArn": ROLE, "ModelDeployConfig": CONFIG})

    async def answered(aws: Aws, operation: str, request: Doc) -> Doc:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(deployment, "call", answered)
    job = Job(aws, "automl-job", "job")
    assert asyncio.run(deployment.deploy(job, WINNER)) == reason
    assert "ModelDeployResult" not in job.doc
