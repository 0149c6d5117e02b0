"""A failed call of AWS as a page shows it, with what to do."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
)
from prodml.studio.problems import problem_of

from tests.plugins.answers import refusal


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (TimeoutError(), "Wait: this page asks again within a minute."),
        (refusal("ThrottlingException"), "Wait: this page asks again within a minute."),
        (refusal("503", status=503), "Wait: this page asks again within a minute."),
        (refusal("AccessDenied"), "Allow this call to the role of Airflow's API server;"),
        (refusal("ExpiredToken"), "Give the connection aws_default valid credentials"),
        (NoCredentialsError(), "Give the connection aws_default valid credentials"),
        (refusal("ValidationException", "Could not find endpoint"), "Reload the page"),
        (EndpointConnectionError(endpoint_url="http://none"), "Start the AWS that the connection"),
        (NoRegionError(), "Check the region and the settings of the connection"),
        (refusal("ValidationException", "1 error"), "Check the region and the settings"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_an_error_has_its_remedy(error: BaseException, remedy: str) -> None:
    problem = problem_of(error)
    assert problem
    assert problem["remedy"].startswith(remedy)


def test_an_error_is_one_sentence_with_one_full_stop() -> None:
    problem = problem_of(refusal("ValidationException", "No such endpoint."))
    assert problem
    assert problem["error"].startswith("AWS could not be read: An error occurred")
    assert problem["error"].endswith("No such endpoint.")
    other = problem_of(refusal("ValidationException", "No such endpoint"))
    assert other
    assert other["error"] == problem["error"]


def test_an_error_that_is_not_of_aws_is_not_explained_as_one() -> None:
    assert problem_of(KeyError("VersionName")) is None
