"""The evaluation of search expressions on a stored training job and trial component."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.search.expressions import compiled
from include.local_aws.sagemaker.search.resources import SEARCHED
from include.local_aws.wire.errors import AwsError

JOB: dict[str, Any] = {
    "TrainingJobName": "churn-7",
    "TrainingJobStatus": "Completed",
    "CreationTime": 1_767_225_600.0,  # 2026-01-01T00:00:00Z
    "TrainingTimeInSeconds": 90,
    "EnableManagedSpotTraining": False,
    "HyperParameters": {
        "eta": "0.3",
        "max_depth": "6.7",
        "booster": "gbtree",
        "a.b": "dotted",
        "c": "inf",
    },
    "FinalMetricDataList": [{"MetricName": "validation:auc", "Value": 0.91}],
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2},
    "InputDataConfig": [
        {"ChannelName": "train", "DataSource": {"S3DataSource": {"S3Uri": "s3://a/train"}}},
        {"ChannelName": "test", "DataSource": {"S3DataSource": {"S3Uri": "s3://b/test"}}},
    ],
    "Tags": [{"Key": "team", "Value": "growth"}],
}
COMPONENT: dict[str, Any] = {
    "TrialComponentName": "step",
    "Parameters": {"depth": {"NumberValue": 6.0}, "kind": {"StringValue": "tree"}},
    "InputArtifacts": {"SageMaker.Rows": {"Value": "s3://a/rows", "MediaType": "text/csv"}},
    "Metrics": [{"MetricName": "loss.total", "Last": 0.5, "Min": 0.1}],
    "Parents": [
        {"TrialName": "t1", "ExperimentName": "e1"},
        {"TrialName": "t2", "ExperimentName": "e2"},
    ],
}


def holds(expression: Any, doc: Any = JOB) -> bool:
    resource = "TrainingJob" if doc is JOB else "ExperimentTrialComponent"
    return compiled(expression, SEARCHED[resource].shape)(doc)


def condition(name: str, operator: str | None = None, value: str | None = None) -> Any:
    made = {"Name": name, "Operator": operator, "Value": value}
    return {key: item for key, item in made.items() if item is not None}


def one(*parts: str | None) -> Any:
    return {"Filters": [condition(*parts)]}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("TrainingJobName", None, "churn-7"), True),  # no operator: Equals
        (("TrainingJobName", "Equals", "churn"), False),
        (("TrainingJobName", "NotEquals", "churn"), True),
        (("TrainingJobName", "Contains", "URN"), True),
        (("TrainingJobStatus", "In", "Failed, Completed"), True),
        (("FailureReason", "NotExists"), True),
        (("FailureReason", "Exists"), False),
        (("EnableManagedSpotTraining", "Equals", "false"), True),
        (("TrainingTimeInSeconds", "GreaterThan", "89.5"), True),
        (("TrainingTimeInSeconds", "LessThanOrEqualTo", "89"), False),
        (("ResourceConfig.InstanceCount", "Equals", "2"), True),
        (("ResourceConfig.InstanceType", "Equals", "ml.m5.large"), True),
        (("CreationTime", "GreaterThan", "2025-12-31T23:59:59"), True),
        (("CreationTime", "LessThan", "2026-01-01T00:00:00"), False),
        (("HyperParameters.eta", "LessThan", "0.5"), True),
        (("HyperParameters.max_depth", "LessThanOrEqualTo", "6"), True),  # compared as integers
        (("HyperParameters.max_depth", "LessThanOrEqualTo", "6.0"), False),
        (("HyperParameters.booster", "Equals", "gbtree"), True),
        (("HyperParameters.c", "GreaterThan", "5"), False),  # a number that is not finite is text
        (("HyperParameters.c", "Equals", "inf"), True),
        (("HyperParameters.a.b", "Equals", "dotted"), True),
        (("HyperParameters.unknown", "Exists"), False),
        (("Metrics.validation:auc", "GreaterThan", "0.9"), True),
        (("metrics.validation:auc", "GreaterThan", "0.92"), False),
        (("Tags.team", "Equals", "growth"), True),
        (("Tags.unknown", "NotEquals", "growth"), True),
        (("InputDataConfig.ChannelName", "Equals", "test"), True),
    ],
)
def test_filter_on_a_training_job(parts: tuple[str | None, ...], expected: bool) -> None:
    assert holds(one(*parts)) is expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("Parameters.depth", "Equals", "6"), True),
        (("Parameters.depth", "GreaterThan", "6"), False),
        (("Parameters.kind", "Equals", "tree"), True),
        (("Parameters.kind", "GreaterThan", "1"), False),
        (("InputArtifacts.SageMaker.Rows", "Contains", "rows"), True),
        (("Metrics.loss.total.Last", "LessThan", "0.6"), True),
        (("metrics.loss.total.min", "Equals", "0.1"), True),
        (("Parents.ExperimentName", "Equals", "e2"), True),
    ],
)
def test_filter_on_a_component(parts: tuple[str, ...], expected: bool) -> None:
    assert holds(one(*parts), COMPONENT) is expected


@pytest.mark.parametrize(
    ("names", "expected"), [(("t1", "e1"), True), (("t2", "e2"), True), (("t1", "e2"), False)]
)
def test_nested_filters_hold_for_one_element(names: tuple[str, str], expected: bool) -> None:
    filters = [
        condition("Parents.TrialName", "Equals", names[0]),
        condition("Parents.ExperimentName", "Equals", names[1]),
    ]
    nested = {"NestedPropertyName": "Parents", "Filters": filters}
    assert holds({"NestedFilters": [nested]}, COMPONENT) is expected


def test_nested_filter_reaches_into_its_element() -> None:
    filters = [
        condition("InputDataConfig.ChannelName", "Equals", "train"),
        condition("InputDataConfig.DataSource.S3DataSource.S3Uri", "Contains", "s3://b"),
    ]
    nested = {"NestedPropertyName": "InputDataConfig", "Filters": filters}
    assert not holds({"NestedFilters": [nested]})


def test_operator_joins_all_three_lists() -> None:
    right, wrong = one("TrainingJobName", None, "churn-7"), one("TrainingJobName", None, "x")
    both = {"Filters": right["Filters"], "SubExpressions": [wrong]}
    assert not holds(both)
    assert holds(both | {"Operator": "Or"})
    assert holds({"SubExpressions": [right, {"SubExpressions": [right, right]}]})


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        (one("Unknown", "Equals", "1"), "Unknown property name: Unknown"),
        (one("ResourceConfig.Unknown", "Exists"), "Unknown property name"),
        (one("TrainingJobName", "GreaterThan", "1"), "not supported for the text property"),
        (one("TrainingTimeInSeconds", "Contains", "1"), "not supported for the numerical"),
        (one("TrainingTimeInSeconds", "Equals", "many"), "must be a number"),
        (one("CreationTime", "GreaterThan", "yesterday"), "must be like 2026"),
        (one("HyperParameters.eta", "LessThan", "little"), "must be a number"),
        (one("ResourceConfig", "Equals", "x"), "not supported for the whole property"),
        (one("TrainingJobName", "Equals"), "needs a Value"),
        ({}, "at least one subexpression, filter, or nested filter"),
        ({"SubExpressions": [{}]}, "at least one"),
        (
            {"NestedFilters": [{"NestedPropertyName": "RoleArn", "Filters": [{"Name": "x"}]}]},
            "Unknown nested property name: RoleArn",
        ),
        (
            {
                "NestedFilters": [
                    {
                        "NestedPropertyName": "InputDataConfig",
                        "Filters": [condition("RoleArn", "Exists", "x")],
                    }
                ]
            },
            "Filter RoleArn is not on the nested property InputDataConfig.",
        ),
        (
            {
                "Filters": [
                    condition("TrainingJobName", "Contains", "a"),
                    condition("TrainingJobStatus", "Contains", "b"),
                ]
            },
            "'CONTAINS' operator usage limit of 1 exceeded.",
        ),
        (
            {"SubExpressions": [one("RoleArn", "Exists")] * 26},
            "at most 50 are allowed",
        ),
    ],
)
def test_bad_expression_is_refused(expression: Any, named: str) -> None:
    with pytest.raises(AwsError) as caught:
        holds(expression)
    assert caught.value.code == "ValidationException"
    assert named in caught.value.message


def test_names_may_contain_as_often_as_they_like() -> None:
    parts = [condition("TrialComponentName", "Contains", text) for text in ("st", "ep")]
    assert holds({"Filters": parts}, COMPONENT)
