from __future__ import annotations

import json
from typing import Any

from include.local_aws.core.clock import ManualClock
from include.local_aws.sagemaker.runtime import async_notices
from include.local_aws.sagemaker.runtime.connections import Response

DOC = {
    "EndpointName": "churn",
    "InferenceId": "a-1",
    "InputLocation": "s3://b/in",
    "OutputLocation": "s3://b/out",
    "Received": 0.0,
}
TOPICS = {"SuccessTopic": "arn:good", "ErrorTopic": "arn:bad"}


ROLE = "arn:aws:iam::000000000000:role/prodml"


class Topics:
    """An account whose SNS only records the published messages."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock, self.region = clock, "eu-west-1"
        self.published: list[tuple[str, dict[str, Any]]] = []

    def client(self, service: str, role: str) -> Topics:
        assert (service, role) == ("sns", ROLE)
        return self

    def publish(self, **request: str) -> None:
        self.published.append((request["TopicArn"], json.loads(request["Message"])))


def _published(config: dict[str, Any], failure: str | None) -> list[tuple[str, dict[str, Any]]]:
    topics: Any = Topics(ManualClock(60.0))
    response = Response(200, [(b"content-type", b"text/csv")], b"1")
    async_notices.notify(topics, ROLE, DOC, {"OutputConfig": config}, response, failure)
    published: list[tuple[str, dict[str, Any]]] = topics.published
    return published


def test_success_is_published_with_the_output_location() -> None:
    ((topic, notice),) = _published({"NotificationConfig": TOPICS}, None)
    assert topic == "arn:good"
    assert notice["invocationStatus"] == "Completed"
    expected = {"contentType": "text/csv", "outputLocation": "s3://b/out"}
    assert notice["responseParameters"] == expected
    assert (notice["receivedTime"], notice["eventTime"]) == (
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:01:00Z",
    )
    assert notice["awsRegion"] == "eu-west-1"


def test_failure_is_published_to_the_other_topic_with_its_reason() -> None:
    ((topic, notice),) = _published({"NotificationConfig": TOPICS}, "too late")
    assert (topic, notice["failureReason"]) == ("arn:bad", "too late")
    assert "responseParameters" not in notice


def test_without_a_topic_nothing_is_published() -> None:
    assert _published({}, None) == []
    assert _published({"NotificationConfig": {"SuccessTopic": "arn:good"}}, "failed") == []
