"""Distinguish AWS's errors by code and words, as SageMaker mixes them."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
)
from prodml.aws.errors import code_of, is_absent, is_retryable, is_taken, is_transient


def _error(code: str, message: str = "", status: int = 400) -> ClientError:
    response = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "CreateTrainingJob")  # type: ignore[arg-type,unused-ignore]


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (_error("ThrottlingException", "Rate exceeded"), True),
        (_error("InternalFailure", status=500), True),
        (_error("ConcurrentUpdateException"), True),
        (_error("Whatever", status=503), True),
        (EndpointConnectionError(endpoint_url="http://x"), True),
        (ConnectTimeoutError(endpoint_url="http://x"), True),
        (_error("ValidationException"), False),
        (_error("ResourceLimitExceeded"), False),
        (KeyError("x"), False),
    ],
)
def test_passing_errors(error: Exception, passing: bool) -> None:
    assert is_retryable(error) is passing


@pytest.mark.parametrize(
    ("error", "taken"),
    [
        (_error("ResourceInUse", "Training job names must be unique"), True),
        (_error("ValidationException", 'Cannot create already existing model "arn"'), True),
        (_error("ValidationException", "Trial names must be unique within an account"), True),
        (_error("ValidationException", "1 validation error detected"), False),
        (_error("ResourceLimitExceeded", "already exists"), False),
    ],
)
def test_taken_names(error: Exception, taken: bool) -> None:
    assert is_taken(error) is taken


@pytest.mark.parametrize(
    ("error", "absent"),
    [
        (_error("ValidationException", 'Could not find endpoint "arn"'), True),
        (_error("ValidationException", "Requested resource not found."), True),
        (_error("ResourceNotFound"), True),
        (_error("ObjectNotFoundException"), True),
        (_error("404", "Not Found"), True),
        (_error("ValidationException", "1 validation error detected"), False),
        (_error("AccessDenied"), False),
    ],
)
def test_absent_resources(error: Exception, absent: bool) -> None:
    assert is_absent(error) is absent


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (_error("Throttling"), True),
        (_error("ExpiredToken"), True),
        (NoCredentialsError(), True),
        (ParamValidationError(report="Unknown parameter"), False),
        (_error("AccessDenied"), False),
        (ValueError("x"), False),
    ],
)
def test_a_lapse_of_credentials_says_nothing_about_the_request(
    error: Exception, transient: bool
) -> None:
    assert is_transient(error) is transient


def test_only_an_answer_of_aws_has_a_code() -> None:
    assert code_of(_error("SlowDown")) == "SlowDown"
    assert code_of(NoCredentialsError()) == ""
