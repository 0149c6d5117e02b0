"""Training reports a metric by patterns of its log, or by the names that XGBoost has for it."""

from __future__ import annotations

import pytest

from include.pipelines.definition.metrics import built_in_error, pattern_error


@pytest.mark.parametrize("stated", ["auc", "error, auc", ["error", "auc"], None])
def test_xgboost_reports_what_it_evaluates(stated: object) -> None:
    given = {} if stated is None else {"eval_metric": stated}
    assert built_in_error(given, "validation:auc") is None


@pytest.mark.parametrize("metric", ["validation:acu", "auc", "test:auc"])
def test_xgboost_does_not_report_another_metric(metric: str) -> None:
    why = built_in_error({"eval_metric": "auc"}, metric)
    assert why == (
        "its eval_metric 'auc' reports ['train:auc', 'validation:auc'], without "
        f"{metric!r}; use one of them"
    )


def test_a_script_reports_what_a_pattern_finds() -> None:
    assert pattern_error({"rmse": "rmse=(.+);"}, "rmse") is None
