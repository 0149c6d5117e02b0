from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import pytest
from jinja2 import Template

from include.pipelines.churn import PIPELINE
from include.pipelines.training.requests import LEDGER, training


def test_spot_training_waits_as_long_as_it_runs_and_no_other_request_changes() -> None:
    usual = training(PIPELINE, PIPELINE.candidates[0])
    spot = training(dataclasses.replace(PIPELINE, spot=True), PIPELINE.candidates[0])
    assert spot.pop("EnableManagedSpotTraining") is True
    limits = spot.pop("StoppingCondition")
    assert limits == {"MaxRuntimeInSeconds": 1800, "MaxWaitTimeInSeconds": 3600}
    assert usual.pop("StoppingCondition") == {"MaxRuntimeInSeconds": 1800}
    assert spot == usual


@pytest.mark.parametrize(
    ("window", "uri"), [({"prefix": "s3://b/run"}, "s3://b/run/ledger.csv"), (None, "")]
)
def test_the_ledger_has_no_address_where_the_window_was_refused(
    window: dict[str, str] | None, uri: str
) -> None:
    ti = SimpleNamespace(xcom_pull=lambda task_ids: window)
    assert Template(LEDGER).render(ti=ti) == uri
