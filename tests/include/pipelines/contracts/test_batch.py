"""The plan of a batch scoring is what its jobs read."""

from __future__ import annotations

from typing import Any

from prodml.jobs.fingerprint import INPUT_ADDRESS

from include.pipelines.churn import PIPELINE
from include.pipelines.contracts.batch import ScoringPlan
from include.pipelines.training import requests

PLAN: Any = {name: f"<{name}>" for name in ScoringPlan.__annotations__}


def test_the_job_that_makes_records_needs_no_more_than_the_plan() -> None:
    request = requests.records(PIPELINE, PLAN)["config"]
    sources = [one["S3Input"]["S3Uri"] for one in request["ProcessingInputs"]]
    assert sources == ["<manifest>", "<listing>", "<contract>"]
    assert request["Environment"] == {INPUT_ADDRESS: "<raw>"}
    outputs = request["ProcessingOutputConfig"]["Outputs"]
    assert all(one["S3Output"]["S3Uri"].startswith("<prefix>/") for one in outputs)
