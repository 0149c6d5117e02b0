"""The schema of a request takes what the model takes, as API Gateway evaluates it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from include.local_aws.apigateway.schemas import Model, parsed
from include.pipelines.churn import PIPELINE
from include.pipelines.deployment.request_schema import request_schema

KEY = PIPELINE.schema.key
RECORD: dict[str, Any] = json.loads(PIPELINE.smoke_record())


@pytest.fixture(scope="module")
def model() -> Model:
    schema = parsed(json.dumps(request_schema(PIPELINE.contract, KEY)))
    return Model("Request", {"Request": schema})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {KEY: "C1"},
        {"area_code": 415},
        {"total_day_minutes": None},
        {"total_day_minutes": ""},
        {"total_day_minutes": " 1.5e3"},
    ],
)
def test_records_that_the_model_takes(model: Model, changes: dict[str, Any]) -> None:
    assert model.accepts(RECORD | changes)
    assert model.accepts([RECORD, RECORD | changes])


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        {},
        [RECORD, {}],
        RECORD | {"unknown": 1},
        RECORD | {"total_day_minutes": "many"},
        RECORD | {"total_day_minutes": True},
        RECORD | {"international_plan": "perhaps"},
        RECORD | {"area_code": 999},
        {name: value for name, value in RECORD.items() if name != "state"},
    ],
)
def test_records_that_the_model_refuses(model: Model, body: Any) -> None:
    assert not model.accepts(body)
