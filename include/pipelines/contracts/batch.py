"""Define the plan and the result of a batch scoring."""

from __future__ import annotations

from typing import TypedDict

from prodml.results import Container

from include.pipelines.contracts.data import RawInput


class ScoringPlan(RawInput):
    """A partition to score, the model that scores it, and where in S3 the run works."""

    name: str
    prefix: str
    containers: list[Container]
    baseline: str
    contract: str
    holdout_scores: str | None
    calibration: str | None
    model_package_arn: str | None


class Scored(TypedDict):
    """The prefix of a file's predictions, each joined to its key, and how many rows there are."""

    rows_in: int
    rows_out: int
    output: str
    model_package_arn: str | None
