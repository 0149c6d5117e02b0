"""Names and resource types of actions, as the Service Authorization Reference has them."""

from __future__ import annotations

import pytest

from include.local_aws import operations  # noqa: F401  (registers every emulated operation)
from include.local_aws.core.registry import OPERATIONS
from include.local_aws.iam.actions import action_of, known


def test_every_emulated_operation_has_an_entry() -> None:
    named = [pair for pair in OPERATIONS if pair[0] != "apigateway"]
    assert [pair for pair in named if action_of(*pair) is None] == []


@pytest.mark.parametrize(
    ("service", "operation", "name"),
    [
        ("sagemaker-metrics", "BatchPutMetrics", "sagemaker:BatchPutMetrics"),
        ("sagemaker-runtime", "InvokeEndpointWithResponseStream", "sagemaker:InvokeEndpoint"),
        ("sqs", "SendMessageBatch", "sqs:SendMessage"),
        ("lambda", "Invoke", "lambda:InvokeFunction"),
        ("service-quotas", "GetServiceQuota", "servicequotas:GetServiceQuota"),
        ("resourcegroupstaggingapi", "GetResources", "tag:GetResources"),
        ("budgets", "DeleteSubscriber", "budgets:ModifyBudget"),
    ],
)
def test_operation_may_need_an_action_of_another_name(
    service: str, operation: str, name: str
) -> None:
    action = action_of(service, operation)
    assert action is not None
    assert action.name == name


def test_letters_of_an_action_have_no_case() -> None:
    action = known("sagemaker", "createtrainingjob")
    assert action is not None
    assert action.name == "sagemaker:CreateTrainingJob"
    assert {"iam:PassRole", "sagemaker:AddTags"} <= set(action.dependents)


@pytest.mark.parametrize("prefix", ["unheard", "../tables/s3", "S3", ""])
def test_prefix_without_a_table_has_no_actions(prefix: str) -> None:
    assert known(prefix, "GetObject") is None


def test_template_matches_the_arns_of_its_type() -> None:
    action = known("sns", "Publish")
    assert action is not None
    (topic,) = action.templates
    assert (topic.names, action.required) == (("TopicName",), 1)
    assert topic.pattern.fullmatch("arn:aws:sns:us-east-1:123456789012:topic:with:colons")
    assert not topic.pattern.fullmatch("arn:aws:sns:us-east-1:123456789012:")
    assert not topic.pattern.fullmatch("arn:aws:sqs:us-east-1:123456789012:topic")
