"""The arguments of steps against the requests that they become."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.pipelines.kinds import KINDS
from include.local_aws.sagemaker.pipelines.schema import coerced, missing, problem
from tests.include.local_aws.sagemaker.pipelines.definitions import get, processing

SHAPE = KINDS["Processing"].input
ARGUMENTS = processing("A", "pass")["Arguments"]


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("Speed", 1, "Unknown Argument member 'Speed'."),
        ("ProcessingInputs", {}, "Expecting start of Json Array."),
        ("Environment", [], "Expecting start of Json Object."),
        ("RoleArn", ["a"], "Expecting a value of type string."),
        (
            "ProcessingInputs",
            [{"InputName": "a", "S3Input": {"S3DataType": "File"}}],
            "Model Validation failed: Value 'File' for 'ProcessingS3DataType' failed to satisfy "
            "enum value set: [ManifestFile, S3Prefix]",
        ),
    ],
)
def test_what_the_request_cannot_have_is_named(member: str, value: Any, words: str) -> None:
    assert problem(ARGUMENTS | {member: value}, SHAPE) == words


def test_expressions_stand_for_any_value() -> None:
    given = ARGUMENTS | {"ProcessingInputs": get("Parameters.Inputs"), "RoleArn": get("x")}
    assert problem(given, SHAPE) is None


def test_required_members_that_are_missing_are_named() -> None:
    assert missing(ARGUMENTS, SHAPE, "ProcessingJobName") == []
    assert missing({"RoleArn": "r"}, SHAPE, "ProcessingJobName") == [
        "ProcessingResources",
        "AppSpecification",
    ]


def test_values_get_the_types_of_the_request() -> None:
    given = {
        "ProcessingResources": {"ClusterConfig": {"InstanceCount": "2", "VolumeSizeInGB": "x"}},
        "Environment": {"RATE": 0.5, "ON": True},
        "NetworkConfig": {"EnableNetworkIsolation": "true"},
    }
    assert coerced(given, SHAPE) == {
        "ProcessingResources": {"ClusterConfig": {"InstanceCount": 2, "VolumeSizeInGB": "x"}},
        "Environment": {"RATE": "0.5", "ON": "true"},
        "NetworkConfig": {"EnableNetworkIsolation": True},
    }
