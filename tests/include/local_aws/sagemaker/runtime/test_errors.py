from __future__ import annotations

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.runtime import errors
from include.local_aws.sagemaker.runtime.connections import Response
from tests.include.local_aws.models import Platform


def test_models_failure_is_passed_on(platform: Platform, endpoint: str) -> None:
    with pytest.raises(platform.runtime.exceptions.ModelError) as caught:
        platform.invoke(endpoint, "fail not today")
    error = caught.value.response
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert error["OriginalStatusCode"] == 500
    assert "not today" in error["OriginalMessage"]
    assert error["Error"]["Message"].startswith("Received server error (500) from primary")
    assert error["LogStreamArn"].endswith(f":log-group:/aws/sagemaker/Endpoints/{endpoint}")


@pytest.mark.parametrize(("status", "kind"), [(400, "client"), (499, "client"), (503, "server")])
def test_models_error_names_its_kind_and_its_log(aws: Aws, status: int, kind: str) -> None:
    error = errors.model_error(aws, "churn", Response(status, [], b"no \xff"))
    assert error.message.startswith(f"Received {kind} error ({status}) from primary")
    assert error.members["OriginalMessage"] == "no \ufffd"
    assert str(error.members["LogStreamArn"]).endswith("log-group:/aws/sagemaker/Endpoints/churn")


def test_container_without_an_answer_is_server_error_zero(aws: Aws) -> None:
    error = errors.model_error(aws, "churn", errors.silent("timed out"))
    assert error.members["OriginalStatusCode"] == 0
    assert "server error (0)" in error.message


def test_invalid_request_has_the_runtimes_own_code() -> None:
    error = errors.invalid("Endpoint churn not found.")
    assert (error.code, error.status) == ("ValidationError", 400)
