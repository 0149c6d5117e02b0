"""A rolled-back deployment leaves its reason for the run's note and for Studio."""

from __future__ import annotations

from typing import Any, cast

import pytest
from airflow.sdk.execution_time.context import set_current_context
from prodml.exceptions import DeploymentError, RolledBackError
from prodml.operators.rollback_record import KEY, records_rollback

from tests.plugins.runs import Ti


class _Deployment:
    endpoint = "churn"
    model_package_arn = "arn:aws:sagemaker:us-east-1:000000000000:model-package/churn/3"

    @records_rollback
    def finish(self, error: Exception) -> None:
        raise error


def test_a_rollback_is_recorded_with_its_reason(ti: Ti) -> None:
    with (
        set_current_context(cast("Any", {"ti": ti})),
        pytest.raises(RolledBackError, match="An alarm fired"),
    ):
        _Deployment().finish(RolledBackError("An alarm fired."))
    assert ti.pushed == {
        KEY: "An alarm fired.",
        "run_note": ["Version churn/3 was rolled back on endpoint churn: An alarm fired."],
    }


def test_another_failure_is_no_rollback(ti: Ti) -> None:
    with (
        set_current_context(cast("Any", {"ti": ti})),
        pytest.raises(DeploymentError),
    ):
        _Deployment().finish(DeploymentError("It is still updating."))
    assert ti.pushed == {}
