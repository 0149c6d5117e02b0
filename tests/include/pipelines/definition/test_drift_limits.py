"""The limits of a drift check are stated by the pipeline's file and reach its job."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from include.jobs.drift.estimates import LIMITS as ESTIMATE
from include.jobs.drift.joint import LIMITS as JOINT
from include.pipelines.churn import PIPELINE
from include.pipelines.definition.drift_limits import DriftLimits
from include.pipelines.errors import PipelineError
from include.pipelines.training.requests import drift_limits


@pytest.mark.parametrize(
    "limits", [{"joint": (0.1, 0.05)}, {"joint": (0.0, 0.1)}, {"estimate": (0.1, 1.0)}]
)
def test_limits_that_cannot_work_are_refused(limits: Any) -> None:
    with pytest.raises(PipelineError, match="the smaller one first"):
        DriftLimits(**limits)


def test_the_usual_limits_are_those_of_the_job() -> None:
    assert (DriftLimits().joint, DriftLimits().estimate) == (JOINT, ESTIMATE)


def test_stated_limits_are_options_of_the_check() -> None:
    stated = dataclasses.replace(PIPELINE, drift=DriftLimits(joint=(0.05, 0.2)))
    assert drift_limits(stated) == [
        *("--joint", "0.05", "0.2", "--estimate", "0.02", "0.05", "--score", "auc"),
    ]
