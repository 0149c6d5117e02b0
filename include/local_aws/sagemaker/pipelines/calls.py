"""Calls of SageMaker that an execution makes as its pipeline's role."""

from __future__ import annotations

import asyncio
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from ...core.account import Aws
from ...core.registry import OPERATIONS
from ...core.store import Doc
from ...wire import model
from ...wire.errors import AwsError
from .kinds import Kind

UNREACHABLE = 503


class Refused(Exception):
    """Raised for a call that AWS refuses."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


async def call(
    aws: Aws, role: str, operation: str, request: Doc, service: str = "sagemaker"
) -> Doc:
    """Return the answer of an operation that *role* calls; raise Refused."""
    return await asyncio.to_thread(_called, aws, role, operation, request, service)


async def invoked(aws: Aws, role: str, operation: str, request: Doc) -> Doc:
    """Return the answer of an operation of SageMaker; raise Refused with AWS's words of a step."""
    try:
        return await call(aws, role, operation, request)
    except Refused as error:
        message = f"ClientError: Failed to invoke sagemaker:{operation}. Error Details: {error}"
        raise Refused(error.code, message, error.status) from None


def _called(aws: Aws, role: str, operation: str, request: Doc, service: str) -> Doc:
    # The server validates, and the step's policies retry.
    client = aws.client(
        service, role, parameter_validation=False, retries={"total_max_attempts": 1}
    )
    try:
        answer: Doc = getattr(client, xform_name(operation))(**request)
    except ClientError as error:
        details, answered = error.response["Error"], error.response["ResponseMetadata"]
        raise Refused(
            details["Code"], details.get("Message", ""), answered["HTTPStatusCode"]
        ) from None
    except BotoCoreError as error:
        raise Refused("ServiceUnavailable", str(error), UNREACHABLE) from None
    return answer


async def may_describe(aws: Aws, role: str, kind: Kind, arn: str) -> str | None:
    """Return AWS's sentence if *role* may not describe a step's resource; None if it may."""
    action = f"sagemaker:Describe{kind.noun}"
    return await aws.credentials.denial((aws.account, aws.region), role, action, arn)


def described(aws: Aws, kind: Kind, name: str) -> Doc | None:
    """Return the description of a step's resource; None without one."""
    description = _answered(aws, f"Describe{kind.noun}", {kind.name: name})
    if description is None or kind.noun != "HyperParameterTuningJob":
        return description
    return description | _training_jobs(aws, description)


def _training_jobs(aws: Aws, tuning_job: Doc) -> Doc:
    """Return the training jobs of a tuning job, the best first, as properties of its step."""
    config = tuning_job["HyperParameterTuningJobConfig"]
    objective = config.get("HyperParameterTuningJobObjective", {})
    request = {
        "HyperParameterTuningJobName": tuning_job["HyperParameterTuningJobName"],
        "SortBy": "FinalObjectiveMetricValue",
        "SortOrder": "Ascending" if objective.get("Type") == "Minimize" else "Descending",
        "MaxResults": 50,
    }
    return _answered(aws, "ListTrainingJobsForHyperParameterTuningJob", request) or {}


def _answered(aws: Aws, name: str, request: Doc) -> Doc | None:
    operation = model.operation("sagemaker", name)
    try:
        answer: Any = OPERATIONS["sagemaker", name](aws, request)
    except AwsError:
        return None
    projected: Doc = model.project(answer, operation.output_shape if operation else None)
    return projected
