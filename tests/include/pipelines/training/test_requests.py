from __future__ import annotations

import dataclasses

from include.pipelines.churn import PIPELINE
from include.pipelines.training.requests import training


def test_spot_training_waits_as_long_as_it_runs_and_no_other_request_changes() -> None:
    usual = training(PIPELINE, PIPELINE.candidates[0])
    spot = training(dataclasses.replace(PIPELINE, spot=True), PIPELINE.candidates[0])
    assert spot.pop("EnableManagedSpotTraining") is True
    limits = spot.pop("StoppingCondition")
    assert limits == {"MaxRuntimeInSeconds": 1800, "MaxWaitTimeInSeconds": 3600}
    assert usual.pop("StoppingCondition") == {"MaxRuntimeInSeconds": 1800}
    assert spot == usual
