from __future__ import annotations

import dataclasses
from typing import Any

from include.pipelines.churn import PIPELINE
from include.pipelines.training.requests import training

DATA: Any = {"train": "s3://b/train", "validation": "s3://b/validation"}


def test_spot_training_waits_as_long_as_it_runs_and_no_other_request_changes() -> None:
    usual = training(PIPELINE, PIPELINE.candidates[0], "s3://b/run", DATA)
    on_spot = dataclasses.replace(PIPELINE, spot=True)
    spot = training(on_spot, PIPELINE.candidates[0], "s3://b/run", DATA)
    assert spot.pop("EnableManagedSpotTraining") is True
    limits = spot.pop("StoppingCondition")
    assert limits == {"MaxRuntimeInSeconds": 1800, "MaxWaitTimeInSeconds": 3600}
    assert usual.pop("StoppingCondition") == {"MaxRuntimeInSeconds": 1800}
    assert spot == usual
