"""The columns that may be shown: of a registered version whose contract says what is personal."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from prodml.studio.endpoints.columns import Columns, columns_of

from tests.plugins.answers import Answers, refusal

VERSION = "arn:aws:sagemaker:us-east-1:000000000000:model-package/churn/3"
MODEL = {"Containers": [{"ModelPackageName": VERSION}]}
PACKAGE = {"CustomerMetadataProperties": {"baseline": "s3://b/churn/baseline/"}}
CONTRACT = {"inputs": ["age", "bmi"], "personal": ["age"], "key": "patient", "labels": None}


def _columns(contract: str, variant: Any = None, **answers: Any) -> tuple[Columns | None, Answers]:
    aws = Answers(
        **{"describe_model": MODEL, "describe_model_package": PACKAGE} | answers,
        get_object=lambda **_: {"Body": io.BytesIO(contract.encode())},
    )
    return columns_of(aws, variant or {"ModelName": "m"}), aws


def test_the_contract_next_to_the_baseline_names_the_columns() -> None:
    columns, aws = _columns(json.dumps(CONTRACT))
    assert columns == Columns(("age", "bmi"), frozenset({"age"}), "patient")
    assert columns.shown == ("bmi",)
    assert aws.calls == [
        ("describe_model", {"ModelName": "m"}),
        ("describe_model_package", {"ModelPackageName": VERSION}),
        ("get_object", {"Bucket": "b", "Key": "churn/baseline/contract.json"}),
    ]


@pytest.mark.parametrize("member", ["inputs", "personal", "key"])
def test_a_contract_that_lacks_a_part_shows_nothing(member: str) -> None:
    contract = {name: value for name, value in CONTRACT.items() if name != member}
    assert _columns(json.dumps(contract))[0] is None


def test_a_contract_that_is_not_json_shows_nothing() -> None:
    assert _columns("age,bmi")[0] is None


@pytest.mark.parametrize(
    "answers",
    [
        {"variant": {"VariantName": "AllTraffic"}},
        {"describe_model": {"PrimaryContainer": {"Image": "i"}}},
        {"describe_model": refusal("AccessDeniedException")},
        {"describe_model": refusal("ValidationException", "Could not find model")},
        {"describe_model_package": {"ModelPackageArn": VERSION}},
        {"describe_model_package": refusal("AccessDeniedException")},
    ],
    ids=["no model", "no version", "denied", "deleted", "no baseline", "denied version"],
)
def test_without_a_registered_version_nothing_is_shown(answers: dict[str, Any]) -> None:
    columns, aws = _columns(json.dumps(CONTRACT), **answers)
    assert columns is None
    assert "get_object" not in [operation for operation, _ in aws.calls]


def test_a_baseline_without_a_contract_shows_nothing() -> None:
    missing: Any = Answers(
        describe_model=MODEL,
        describe_model_package=PACKAGE,
        get_object=refusal("NoSuchKey", status=404),
    )
    assert columns_of(missing, {"ModelName": "m"}) is None
