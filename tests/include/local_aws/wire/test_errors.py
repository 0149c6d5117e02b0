from __future__ import annotations

import pytest

from include.local_aws.wire import errors


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (errors.validation("m"), "ValidationException", 400),
        (errors.in_use("m"), "ResourceInUse", 400),
        (errors.not_found("m"), "ResourceNotFound", 400),
        (errors.AwsError("SlowDown", "m", 503), "SlowDown", 503),
    ],
)
def test_error_has_code_sentence_and_status(error: errors.AwsError, code: str, status: int) -> None:
    assert (error.code, error.message, str(error), error.status) == (code, "m", "m", status)


def test_operation_that_is_not_emulated_names_itself_and_the_list() -> None:
    error = errors.not_emulated("sagemaker", "CreatePipeline")
    assert (error.code, error.status) == ("NotImplementedException", 501)
    assert "sagemaker:CreatePipeline" in error.message
    assert "docs/reference/local-aws-coverage.md" in error.message
