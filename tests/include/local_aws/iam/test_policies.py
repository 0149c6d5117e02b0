"""Statements as the IAM User Guide documents their elements."""

from __future__ import annotations

import json
from typing import Any

import pytest

from include.local_aws.iam.policies import MalformedPolicy, Query, parsed, policy
from include.local_aws.iam.principals import root

ACCOUNT = "123456789012"
JOB = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/a"
OBJECT = "arn:aws:s3:::bucket/data/a.csv"
Case = tuple[dict[str, Any], str, str, bool]
CASES: dict[str, Case] = {
    # reference_policies_elements_action.html: "not case sensitive", with wildcards
    "action-case": ({"Action": "S3:getobject", "Resource": "*"}, "s3:GetObject", OBJECT, True),
    "action-wildcard": ({"Action": "s3:Get*", "Resource": "*"}, "s3:GetObject", OBJECT, True),
    "action-other": ({"Action": "s3:Put*", "Resource": "*"}, "s3:GetObject", OBJECT, False),
    "all-actions": ({"Action": "*", "Resource": "*"}, "s3:GetObject", OBJECT, True),
    # reference_policies_elements_notaction.html
    "not-action": ({"NotAction": "iam:*", "Resource": "*"}, "s3:GetObject", OBJECT, True),
    "not-action-itself": (
        {"NotAction": ["iam:*", "s3:*"], "Resource": "*"},
        "s3:GetObject",
        OBJECT,
        False,
    ),
    # reference_policies_elements_resource.html
    "object": (
        {"Action": "s3:*", "Resource": "arn:aws:s3:::bucket/*"},
        "s3:GetObject",
        OBJECT,
        True,
    ),
    "bucket-is-no-object": (
        {"Action": "s3:*", "Resource": "arn:aws:s3:::bucket"},
        "s3:GetObject",
        OBJECT,
        False,
    ),
    "question-mark": (
        {"Action": "s3:*", "Resource": "arn:aws:s3:::bucke?/data/*"},
        "s3:GetObject",
        OBJECT,
        True,
    ),
    "resource-case": (
        {"Action": "s3:*", "Resource": "arn:aws:s3:::Bucket/*"},
        "s3:GetObject",
        OBJECT,
        False,
    ),
    "region-wildcard": (
        {"Action": "sagemaker:*", "Resource": f"arn:aws:sagemaker:*:{ACCOUNT}:training-job/*"},
        "sagemaker:StopTrainingJob",
        JOB,
        True,
    ),
    "other-region": (
        {"Action": "sagemaker:*", "Resource": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:*"},
        "sagemaker:StopTrainingJob",
        JOB,
        False,
    ),
    # reference_policies_elements_notresource.html
    "not-resource": (
        {"Action": "s3:*", "NotResource": "arn:aws:s3:::other/*"},
        "s3:GetObject",
        OBJECT,
        True,
    ),
    "not-resource-itself": (
        {"Action": "s3:*", "NotResource": ["arn:aws:s3:::bucket/*"]},
        "s3:GetObject",
        OBJECT,
        False,
    ),
    # reference_policies_variables.html: "arn:aws:s3:::bucket/${aws:username}/*"
    "variable": (
        {"Action": "s3:*", "Resource": "arn:aws:s3:::bucket/${aws:username}/*"},
        "s3:GetObject",
        OBJECT,
        True,
    ),
    "unknown-variable": (
        {"Action": "s3:*", "Resource": "arn:aws:s3:::bucket/${aws:nothing}*"},
        "s3:GetObject",
        OBJECT,
        False,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_statement_as_documented(name: str) -> None:
    statement, action, resource, expected = CASES[name]
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow"} | statement}
    query = Query(root(ACCOUNT), action, resource, {"aws:username": ["data"]})
    assert policy(document).has("Allow", query) is expected


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "Statement"),
        ({"Statement": [{"Effect": "Permit", "Action": "*"}]}, "Allow or Deny"),
        ({"Statement": [{"Effect": "Allow", "Action": "*", "NotAction": "*"}]}, "NotAction"),
        (
            {"Statement": {"Effect": "Deny", "Action": "*", "Condition": {"Is": {"a": "b"}}}},
            "'Is' does not exist",
        ),
        ({"Statement": {"Effect": "Deny", "Action": "*", "Condition": {"Bool": "a"}}}, "items"),
    ],
)
def test_invalid_requests_are_refused_as_on_aws(document: Any, message: str) -> None:
    with pytest.raises(MalformedPolicy, match=message):
        parsed(json.dumps(document))


def test_text_that_is_not_json_is_refused() -> None:
    with pytest.raises(MalformedPolicy, match="not JSON"):
        parsed("{")
