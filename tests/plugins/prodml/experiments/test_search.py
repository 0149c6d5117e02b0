"""The search alone gives the rows that ExperimentAnalytics gives."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.experiments.analytics import component_rows
from prodml.experiments.search import searched_rows

AUC = "validation:auc"


def test_a_row_has_metrics_parameters_artifacts_and_trials(
    experiment: str, trained: dict[str, Any]
) -> None:
    rows = searched_rows(Aws(), experiment, [AUC])
    (row,) = (row for row in rows if row["TrialComponentName"].startswith(trained["job_name"]))
    assert row[f"{AUC} - Last"] == trained["metrics"][AUC]
    assert not [column for column in row if column.startswith("train:")]
    assert row["Trials"] == [trained["trial"]]
    assert row["SageMaker.InstanceType"] == "ml.m5.large"
    assert row["train - Value"].startswith("s3://")


def test_rows_equal_those_of_the_sdk(
    experiment: str, trained: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sagemaker.core.analytics", exc_type=ImportError)
    assert trained["trial"]
    by_sdk = component_rows(Aws(), experiment)
    monkeypatch.setitem(sys.modules, "sagemaker.core.analytics", None)
    assert component_rows(Aws(), experiment) == by_sdk
