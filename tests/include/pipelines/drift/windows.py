"""Verdicts on windows, and the run that reached them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
MODEL = "arn:aws:sagemaker:us-east-1:000000000000:model-package/churn/1"
PARAMS: dict[str, Any] = {
    "alerts_of_windows": "2 of 3",
    "cooldown_hours": 24,
    "baseline": "training",
    "endpoints": [],
}


def context(kind: str = "scheduled", **params: Any) -> dict[str, Any]:
    run = SimpleNamespace(run_type=kind, run_id="r", data_interval_start=None)
    run.data_interval_end = None
    return {"params": PARAMS | params, "dag_run": run, "dag": SimpleNamespace(dag_id="check")}


def check(endpoint: str, hour: int, outcome: str = "ALERT", **facts: Any) -> Any:
    end = NOON + timedelta(hours=hour)
    window = {"start": (end - timedelta(hours=1)).isoformat(), "end": end.isoformat()}
    return {
        "endpoint": endpoint,
        "outcome": outcome,
        "columns": ["minutes"] if outcome == "ALERT" else [],
        "rows": 500,
        "warned": [],
        "prediction_drift": [],
        "joint_drift": [],
        "worse_estimates": [],
        "drift": None,
        "data_quality": "OK",
        "reason": None,
        "window": window,
        "model_package_arn": MODEL,
        "job_name": None,
        "report": None,
    } | facts
