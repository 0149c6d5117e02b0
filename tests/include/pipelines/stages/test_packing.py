"""The packing of a model whose serving kind takes one container."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from airflow.sdk import XComArg
from prodml.endpoints.component import Component
from prodml.endpoints.serverless import Serverless

from include.pipelines.churn import PIPELINE
from include.pipelines.stages.packing import pack, packed_best, plan_packing
from tests.include.pipelines.stages.conftest import Wired

BEST: Any = {
    "name": "xgboost-deep",
    "trial": "churn-1",
    "container": {
        "Image": "image",
        "ModelDataUrl": "s3://b/trained/model.tar.gz",
        "Environment": {"SAGEMAKER_PROGRAM": "serve.py", "THREADS": "1"},
    },
}
DATA: Any = {"preprocessing": "s3://b/preprocessing/"}
WINDOW: Any = {"artifacts": "s3://b/run"}


def test_a_model_on_instances_stays_as_it_was_trained(wired: Wired) -> None:
    results: list[Any] = []
    assert not wired(lambda: results.append(pack(PIPELINE, BEST, WINDOW, DATA)))
    assert results == [BEST]


def test_a_component_and_a_serverless_endpoint_get_one_container(wired: Wired) -> None:
    component = replace(PIPELINE, component=Component(memory_mb=1024))
    for pipeline in (component, replace(PIPELINE, serverless=Serverless())):
        results: list[Any] = []
        tasks = wired(lambda: results.append(pack(pipeline, BEST, WINDOW, DATA)))  # noqa: B023
        assert tasks["pack"].upstream_task_ids == {"plan_packing"}
        assert tasks["packed_best"].upstream_task_ids == {"pack"}
        assert isinstance(results[0], XComArg)


def test_the_job_reads_the_model_and_what_it_was_preprocessed_by() -> None:
    plan = plan_packing.function("churn", BEST, WINDOW, DATA)
    inputs = plan["config"]["ProcessingInputs"]
    assert {one["S3Input"]["S3Uri"] for one in inputs} == {
        "s3://b/trained/model.tar.gz",
        "s3://b/preprocessing/model.tar.gz",
    }
    assert plan["arguments"][0] == "tabular.pack"


def test_the_best_trial_is_served_from_the_packed_archive() -> None:
    best = packed_best.function(BEST, {"outputs": {"packed": "s3://b/run/packed/"}})
    container = best["container"]
    assert best["name"] == "xgboost-deep"
    assert container["ModelDataUrl"] == "s3://b/run/packed/model.tar.gz"
    environment = container["Environment"]
    assert (environment["SAGEMAKER_PROGRAM"], environment["THREADS"]) == ("packed_model.py", "1")
    assert "serve" in environment.values(), "the archive's program calls the trial's own script"
