from __future__ import annotations

from typing import Any

import pytest
import regex

from include.local_aws.wire import model
from include.local_aws.wire.errors import AwsError
from include.local_aws.wire.validation import check, validate

CONTAINER = {"Image": "an-image"}
ROLE = "arn:aws:iam::000000000000:role/prodml"


def refused(operation_name: str, request: Any) -> AwsError:
    operation = model.operation("sagemaker", operation_name)
    assert operation is not None
    with pytest.raises(AwsError) as caught:
        validate(request, operation.input_shape)
    return caught.value


def test_missing_member_is_named_in_aws_words() -> None:
    error = refused("CreateModel", {})
    assert error.code == "ValidationException"
    assert error.message == (
        "1 validation error detected: Value null at 'modelName' failed to satisfy constraint: "
        "Member must not be null"
    )


def test_null_counts_as_missing() -> None:
    assert "Value null at 'modelName'" in refused("CreateModel", {"ModelName": None}).message


def test_every_broken_constraint_is_reported_at_once() -> None:
    error = refused("CreateModel", {"ModelName": "bad name!", "ExecutionRoleArn": "short"})
    first, second, third = error.message.split("; ")
    assert first.startswith("3 validation errors detected: Value 'bad name!' at 'modelName'")
    assert "regular expression pattern" in first
    assert second.endswith("Member must have length greater than or equal to 20")
    assert third.startswith("Value 'short' at 'executionRoleArn'")


def test_path_leads_into_lists() -> None:
    containers = [CONTAINER, {"Image": "x" * 256}]
    error = refused("CreateModel", {"ModelName": "m", "Containers": containers})
    assert "at 'containers.2.member.image'" in error.message
    assert "Member must have length less than or equal to 255" in error.message


def test_enum_lists_the_allowed_values() -> None:
    error = refused("ListModels", {"SortOrder": "Sideways"})
    assert "Member must satisfy enum value set: [" in error.message
    assert "Ascending" in error.message


@pytest.mark.parametrize(("value", "bound"), [(0, "greater than or equal to 1"), (101, "100")])
def test_numbers_keep_to_their_range(value: int, bound: str) -> None:
    assert bound in refused("ListModels", {"MaxResults": value}).message


@pytest.mark.parametrize(
    "request_",
    [{"ModelName": 1}, {"ModelName": "m", "Containers": {}}, {"ModelName": "m", "VpcConfig": []}],
)
def test_wrong_type_cannot_be_read(request_: dict[str, Any]) -> None:
    """AWS fails while it parses, before it checks constraints."""
    assert refused("CreateModel", request_).code == "SerializationException"


@pytest.mark.parametrize("request_", [[], "text", 3, None])
def test_request_must_be_a_structure(request_: Any) -> None:
    assert refused("CreateModel", request_).code == "SerializationException"


@pytest.mark.parametrize("value", ["a date", {}, True, float("nan"), 1e300, 253_402_300_800])
def test_timestamp_must_be_a_number(value: Any) -> None:
    error = refused("ListModels", {"CreationTimeAfter": value})
    assert error.code == "SerializationException"


@pytest.mark.parametrize("value", [1.5, float("nan"), float("inf")])
def test_integer_has_no_fraction(value: float) -> None:
    error = refused("ListModels", {"MaxResults": value})
    assert error.code == "SerializationException"


def test_unknown_member_is_ignored() -> None:
    """As on AWS: a client can be newer than the service."""
    operation = model.operation("sagemaker", "CreateModel")
    assert operation is not None
    request = {"ModelName": "m", "ExecutionRoleArn": ROLE, "FromTheFuture": 1}
    validate(request, operation.input_shape)


def test_patterns_of_the_models_are_understood() -> None:
    """A pattern that fails to compile accepts everything: only unpaired surrogates may fail."""
    for service in ("sagemaker", "logs", "application-autoscaling", "sagemaker-metrics"):
        shapes = model.service(service)
        patterns = {shapes.shape_for(n).metadata.get("pattern", "") for n in shapes.shape_names}
        assert all("uD800" in pattern for pattern in patterns if not compiles(pattern))


def compiles(pattern: str) -> bool:
    try:
        regex.compile(pattern)
    except regex.error:
        return False
    return True


@pytest.mark.parametrize("value", [10**400, -(10**400), 2**31, 1.5, float("nan")])
def test_whole_number_beyond_its_bits_is_unreadable(value: float) -> None:
    operation = model.operation("cloudwatch", "PutMetricAlarm")
    assert operation is not None
    with pytest.raises(AwsError, match="can not be converted to a Integer") as caught:
        check({"AlarmName": "a", "Period": value}, operation)
    assert caught.value.code == "SerializationException"


def test_number_beyond_a_double_is_unreadable() -> None:
    operation = model.operation("cloudwatch", "PutMetricAlarm")
    assert operation is not None
    with pytest.raises(AwsError, match="can not be converted to a Double"):
        check({"AlarmName": "a", "Threshold": 10**400}, operation)


@pytest.mark.parametrize(
    ("service", "name", "code"),
    [
        ("sagemaker", "CreateModel", "ValidationException"),
        ("logs", "CreateLogGroup", "InvalidParameterException"),
        ("cloudwatch", "PutMetricAlarm", "ValidationError"),
    ],
)
def test_refusal_has_the_code_of_its_service(service: str, name: str, code: str) -> None:
    operation = model.operation(service, name)
    assert operation is not None
    with pytest.raises(AwsError, match="validation error") as caught:
        check({}, operation)
    assert caught.value.code == code
