"""Executions in the store of an account without a server, and a stand-in for its clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.pipelines.state import KIND, VERSION_KIND, Execution
from tests.include.local_aws.jobs import ROLE
from tests.include.local_aws.sagemaker.pipelines.definitions import definition

PIPELINE = "arn:aws:sagemaker:us-east-1:000000000000:pipeline/churn"


def stored(aws: Aws, *steps: Doc, identity: str = "e1", **members: Any) -> Execution:
    """Return a new execution of *steps*.

    :param identity: The last part of its ARN.
    :param members: Other members of its document.
    """
    number = len(aws.store.list(VERSION_KIND)) + 1
    version = {"PipelineDefinition": definition(*steps)}
    aws.store.insert(VERSION_KIND, f"churn/{number}", version)
    arn = f"{PIPELINE}/execution/{identity}"
    doc = {
        "PipelineExecutionArn": arn,
        "PipelineArn": PIPELINE,
        "PipelineName": "churn",
        "PipelineVersionId": number,
        "PipelineExecutionStatus": "Executing",
        "RoleArn": ROLE,
        "CreationTime": aws.clock.now(),
        "Parameters": {},
        "Steps": {},
    }
    aws.store.insert(KIND, arn, doc | members)
    return Execution(aws, arn)


class Answers:
    """A client whose operations have answers, or errors that they raise."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers
        self.calls: list[tuple[str, Doc]] = []

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            self.calls.append((operation, request))
            answer = self._answers[operation]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def answering(aws: Aws, monkeypatch: pytest.MonkeyPatch, **answers: Any) -> Answers:
    """Have every client of *aws* give *answers*."""
    client = Answers(**answers)
    monkeypatch.setattr(aws, "client", lambda service, role, **config: client)
    return client


def refused(code: str, message: str, status: int = 400) -> ClientError:
    """Return the error of an operation that AWS refuses."""
    error: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(error, "Operation")
