"""The endpoint that a URI of an integration names once its variables are filled in."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway.gateway_responses import Refusal
from include.local_aws.apigateway.integration_uris import FORM, URI, endpoint_of


def uri(endpoint: str, service: str = "runtime.sagemaker", path: str = "path/") -> str:
    return f"arn:aws:apigateway:us-east-1:{service}:{path}endpoints/{endpoint}/invocations"


@pytest.mark.parametrize("path", ["path/", "path//"])
def test_endpoint_of_a_uri(path: str) -> None:
    assert endpoint_of(uri("churn-2", path=path)) == "churn-2"


@pytest.mark.parametrize("endpoint", ["", "-churn", "churn-", "a.b", "a" * 64, "${stage}", "a/b"])
def test_impossible_name_is_an_error_of_the_configuration(endpoint: str) -> None:
    with pytest.raises(Refusal) as refused:
        endpoint_of(uri(endpoint))
    assert (refused.value.kind, refused.value.status) == ("API_CONFIGURATION_ERROR", 500)


def test_other_service_is_an_error_of_the_configuration() -> None:
    with pytest.raises(Refusal):
        endpoint_of(uri("churn", service="lambda"))


def test_uri_may_have_variables_until_it_is_used() -> None:
    match = URI.fullmatch(uri("${stageVariables.endpoint}"))
    assert match is not None
    assert match["endpoint"] == "${stageVariables.endpoint}"


def test_form_that_errors_quote_is_a_valid_uri() -> None:
    assert endpoint_of(FORM.replace("REGION", "us-east-1").replace("NAME", "churn")) == "churn"
