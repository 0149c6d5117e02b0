"""Results that are named by a job's outputs: mypy sees the contract, SageMaker the request."""

from __future__ import annotations

from typing import Any

from prodml.jobs.fingerprint import INPUT_ADDRESS
from prodml.results import Processed

from include.jobs.tabular.outputs import VIOLATIONS
from include.pipelines.churn import PIPELINE
from include.pipelines.contracts.data import DataSets, Prepared, Tables, Tabulated, Window
from include.pipelines.training import automl, requests

WINDOW: Any = {name: f"<{name}>" for name in Window.__annotations__}
DATA: Any = {name: f"<{name}>" for name in DataSets.__annotations__}


def outputs(request: dict[str, Any]) -> dict[str, str]:
    """Return the address of each output of a job by its name."""
    stated = request["config"]["ProcessingOutputConfig"]["Outputs"]
    return {one["OutputName"]: one["S3Output"]["S3Uri"] for one in stated}


def test_preprocessing_makes_each_data_set_that_later_tasks_read() -> None:
    made = outputs(requests.preprocess(PIPELINE, WINDOW))
    assert made.keys() == {*DataSets.__annotations__, VIOLATIONS}
    assert made["train"] == "<prefix>/train"
    assert made["baseline"] == "<artifacts>/baseline", "a version needs it after the run"


def test_the_job_that_adds_headers_makes_each_table() -> None:
    made = outputs(automl.tables(PIPELINE, DATA, "<prefix>"))
    assert made.keys() == Tables.__annotations__.keys()


def test_a_part_of_a_processing_jobs_result_has_the_name_of_the_whole() -> None:
    for part in (Prepared, Tabulated):
        assert part.__annotations__.keys() <= Processed.__annotations__.keys()


def test_a_window_is_raw_rows_too() -> None:
    request = requests.preprocess(PIPELINE, WINDOW)["config"]
    sources = [one["S3Input"]["S3Uri"] for one in request["ProcessingInputs"]]
    assert sources == ["<manifest>", "<listing>"]
    assert request["Environment"] == {INPUT_ADDRESS: "<raw>"}
