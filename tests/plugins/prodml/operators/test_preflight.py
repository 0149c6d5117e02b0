"""A task passes in an account that is ready, and fails with the fixes in one that is not."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.exceptions import RequestRefusedError
from prodml.operators.preflight import PreflightOperator

from tests.plugins.runs import ROLE, XGBOOST, Ti, run


def _operator(**changes: Any) -> PreflightOperator:
    request: dict[str, Any] = {
        "bucket": "prodml-tests",
        "role_arn": ROLE,
        "region": "us-east-1",
        "quotas": {"ml.m5.large for training job usage": 1},
        "images": [XGBOOST],
    }
    return PreflightOperator(task_id="check_account", **request | changes)


def test_ready_account(bucket: str, ti: Ti) -> None:
    result = run(_operator(), ti)["findings"]
    assert {"check": "region", "state": "OK", "value": "us-east-1", "fix": ""} in result


def test_account_that_is_not_ready(bucket: str, ti: Ti) -> None:
    operator = _operator(region="eu-west-1", role_arn="arn:aws:iam::000000000000:role/gone")
    with pytest.raises(RequestRefusedError, match="The account is not ready") as caught:
        run(operator, ti)
    message = str(caught.value)
    assert "role/gone does not exist" in message
    assert "Set region_name of connection aws_default" in message
