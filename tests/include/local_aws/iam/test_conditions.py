"""Conditions as the IAM User Guide documents them.

Unless a comment names another page: reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.iam.conditions import MalformedCondition, parsed

Case = tuple[dict[str, dict[str, Any]], dict[str, list[str]], bool]
NAME, TAG = {"aws:username": ["johndoe"]}, {"aws:principaltag/job-category": ["iamuser-admin"]}
CASES: dict[str, Case] = {
    # "Exact matching, case sensitive"
    "equal": ({"StringEquals": {"aws:username": "johndoe"}}, NAME, True),
    # reference_policies_elements_condition.html: "Users named JohnDoe are denied access"
    "case": ({"StringEquals": {"aws:username": "JohnDoe"}}, NAME, False),
    # reference_policies_elements_condition.html: "Context key names are not case-sensitive"
    "key-case": ({"StringEquals": {"AWS:UserName": "johndoe"}}, NAME, True),
    "ignored-case": ({"StringEqualsIgnoreCase": {"aws:username": "JohnDoe"}}, NAME, True),
    "equal-has-no-wildcard": ({"StringEquals": {"aws:username": "john*"}}, NAME, False),
    # "multi-character match wildcard (*) or a single-character match wildcard (?) anywhere"
    "like": ({"StringLike": {"aws:username": "j?hn*"}}, NAME, True),
    "not-like": ({"StringNotLike": {"aws:username": "jane*"}}, NAME, True),
    # "If the key ... is not present in the request context, ... the condition is false"
    "no-key": ({"StringEquals": {"aws:username": "johndoe"}}, {}, False),
    # "If the policy condition requires that the key is not matched, ... the condition is true"
    "no-key-negated": ({"StringNotEquals": {"aws:username": "johndoe"}}, {}, True),
    "no-key-not-ip": ({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {}, True),
    # reference_policies_condition-logic-multiple-context-keys-or-values.html: values are OR ...
    "or": ({"StringEquals": {"aws:username": ["jane", "johndoe"]}}, NAME, True),
    # ... of a negated operator NOR ...
    "nor": ({"StringNotEquals": {"aws:username": ["jane", "johndoe"]}}, NAME, False),
    # ... keys of one operator AND ...
    "and-of-keys": (
        {"StringEquals": {"aws:username": "johndoe", "aws:PrincipalTag/job-category": "other"}},
        NAME | TAG,
        False,
    ),
    # ... and operators AND
    "and-of-operators": (
        {"StringEquals": {"aws:username": "johndoe"}, "StringLike": {"aws:username": "jane"}},
        NAME,
        False,
    ),
    # Numeric: s3:max-keys of the example
    "less-or-equal": (
        {"NumericLessThanEquals": {"s3:max-keys": "10"}},
        {"s3:max-keys": ["10"]},
        True,
    ),
    "greater": ({"NumericGreaterThan": {"s3:max-keys": 10}}, {"s3:max-keys": ["9"]}, False),
    "number-not-equal": ({"NumericNotEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": ["9"]}, True),
    "no-number": ({"NumericLessThan": {"s3:max-keys": "10"}}, {"s3:max-keys": ["few"]}, False),
    # Date: "W3C implementations of the ISO 8601 date formats or in epoch (UNIX) time"
    "later": (
        {"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:01Z"}},
        {"aws:tokenissuetime": ["2020-01-01T00:00:02Z"]},
        True,
    ),
    "epoch": (
        {"DateLessThan": {"aws:CurrentTime": "1577836801"}},
        {"aws:currenttime": ["2020-01-01T00:00:00Z"]},
        True,
    ),
    "bool": ({"Bool": {"aws:SecureTransport": "false"}}, {"aws:securetransport": ["false"]}, True),
    "bool-of-json": (
        {"Bool": {"aws:SecureTransport": True}},
        {"aws:securetransport": ["true"]},
        True,
    ),
    "bool-without-key": ({"Bool": {"aws:MultiFactorAuthPresent": "false"}}, {}, False),
    # "BinaryEquals ... compares the value of the specified key byte for byte"
    "binary": ({"BinaryEquals": {"key": "QmluYXJ5VmFsdWU="}}, {"key": ["QmluYXJ5VmFsdWU="]}, True),
    "no-binary": ({"BinaryEquals": {"key": "QQ=="}}, {"key": ["ä"]}, False),
    "binary-with-other-signs": ({"BinaryEquals": {"key": "QQ=="}}, {"key": ["Q!Q=="]}, False),
    "no-ip": ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, {"aws:sourceip": ["proxy"]}, False),
    "no-network": (
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/33"}},
        {"aws:sourceip": ["203.0.113.7"]},
        False,
    ),
    "ip": (
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"aws:sourceip": ["203.0.113.7"]},
        True,
    ),
    "ip6": (
        {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:DB8:1234:5678::/64"]}},
        {"aws:sourceip": ["2001:db8:1234:5678::1"]},
        True,
    ),
    "not-ip": (
        {"NotIpAddress": {"aws:SourceIp": "203.0.113.7"}},
        {"aws:sourceip": ["203.0.113.7"]},
        False,
    ),
    # "Each of the six colon-delimited components of the ARN is checked separately"
    "arn": (
        {"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:*"}},
        {"aws:sourcearn": ["arn:aws:sns:us-east-1:123456789012:topic"]},
        True,
    ),
    "arn-segment": (
        {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:*:topic:a:b"}},
        {"aws:sourcearn": ["arn:aws:sns:us-east-1:123456789012:topic"]},
        False,
    ),
    "arn-not": (
        {"ArnNotLike": {"aws:SourceArn": "arn:aws:sns:*:*:other"}},
        {"aws:sourcearn": ["arn:aws:sns:us-east-1:123456789012:topic"]},
        True,
    ),
    # "If the condition key is not present, evaluate the condition element as true"
    "if-exists": ({"StringLikeIfExists": {"ec2:InstanceType": "t1.*"}}, {}, True),
    "if-exists-and-does": (
        {"StringLikeIfExists": {"ec2:InstanceType": "t1.*"}},
        {"ec2:instancetype": ["m1.large"]},
        False,
    ),
    "bool-if-exists": ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, {}, True),
    # Null: "either true (the key doesn't exist - it is null) or false (the key exists ...)"
    "null": ({"Null": {"aws:TokenIssueTime": "true"}}, {}, True),
    "not-null": ({"Null": {"aws:TokenIssueTime": "false"}}, {}, False),
    # reference_policies_condition-single-vs-multi-valued-context-keys.html: "The ForAllValues
    # qualifier ... also returns true if there are no context keys in the request"
    "all": (
        {"ForAllValues:StringEquals": {"aws:TagKeys": ["Department", "CostCenter"]}},
        {"aws:tagkeys": ["Department"]},
        True,
    ),
    "not-all": (
        {"ForAllValues:StringEquals": {"aws:TagKeys": ["Department"]}},
        {"aws:tagkeys": ["Department", "Project"]},
        False,
    ),
    "all-of-none": ({"ForAllValues:StringEquals": {"aws:TagKeys": ["Department"]}}, {}, True),
    "any": (
        {"ForAnyValue:StringEquals": {"aws:TagKeys": ["Department"]}},
        {"aws:tagkeys": ["Department", "Project"]},
        True,
    ),
    # same page: "For no matching context key, ... ForAnyValue ... returns false"
    "any-of-none": ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["Department"]}}, {}, False),
    "any-differs": (
        {"ForAnyValue:StringNotEquals": {"aws:TagKeys": ["Department"]}},
        {"aws:tagkeys": ["Department", "Project"]},
        True,
    ),
    "all-differ": (
        {"ForAllValues:StringNotLike": {"aws:TagKeys": ["Dep*"]}},
        {"aws:tagkeys": ["Department", "Project"]},
        False,
    ),
    # reference_policies_variables.html
    "variable": (
        {"StringEquals": {"aws:PrincipalTag/owner": "${aws:username}"}},
        NAME | {"aws:principaltag/owner": ["johndoe"]},
        True,
    ),
    "variable-default": (
        {"StringLike": {"s3:prefix": "home/${aws:PrincipalTag/team, 'company-wide'}/*"}},
        {"s3:prefix": ["home/company-wide/a"]},
        True,
    ),
    "variable-without-value": (
        {"StringLike": {"s3:prefix": "home/${aws:username}/*"}},
        {"s3:prefix": ["home//a"]},
        False,
    ),
    "literal-star": ({"StringLike": {"s3:prefix": "${*}a"}}, {"s3:prefix": ["ba"]}, False),
    "value-with-star": (
        {"StringLike": {"s3:prefix": "${aws:username}"}},
        {"aws:username": ["*"], "s3:prefix": ["johndoe"]},
        False,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_condition_as_documented(name: str) -> None:
    block, context, expected = CASES[name]
    assert all(c.holds(context, variables=True) for c in parsed(block)) is expected


def test_variables_need_the_current_version() -> None:
    """reference_policies_variables.html: without Version 2012-10-17 they are literal text."""
    (condition,) = parsed({"StringEquals": {"aws:username": "${aws:username}"}})
    assert not condition.holds(NAME, variables=False)


@pytest.mark.parametrize("name", ["StringMatches", "ForSomeValues:StringLike", "NullIfExists"])
def test_unknown_operator_is_refused(name: str) -> None:
    with pytest.raises(MalformedCondition, match=name):
        parsed({name: {"aws:username": "a"}})
