from __future__ import annotations

from typing import Any

from prodml.endpoints.smoke import aim, send
from prodml.vocabulary import TEST_TRAFFIC

from tests.plugins.clients import connected


class Runtime:
    """Answers with the request."""

    def invoke_endpoint(self, **request: Any) -> dict[str, Any]:
        return request


def test_only_what_is_named_is_aimed_at() -> None:
    assert aim() == aim("", "None", None) == {}
    assert aim("Champion", "a.tar.gz", "churn") == {
        "TargetVariant": "Champion",
        "TargetModel": "a.tar.gz",
        "InferenceComponentName": "churn",
    }


def test_inference_id_separates_a_test_request_from_traffic() -> None:
    aws = connected(sagemaker_runtime=Runtime())
    request = send(aws, "churn", "größe", "text/csv", "canary", **aim(variant="Champion"))
    assert request == {
        "EndpointName": "churn",
        "ContentType": "text/csv",
        "Body": "größe".encode(),
        "InferenceId": f"{TEST_TRAFFIC}canary",
        "TargetVariant": "Champion",
    }
