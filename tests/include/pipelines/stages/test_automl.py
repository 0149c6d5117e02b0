"""The wiring of an AutoML job, and its request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from airflow.sdk import XComArg
from prodml.endpoints.component import Component

from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE
from include.pipelines.errors import PipelineError
from include.pipelines.stages.automl import plan_automl
from tests.include.pipelines.params.forms import defaults
from tests.include.pipelines.stages.conftest import Wired

TABLES: Any = {"train": "s3://b/train", "validation": "s3://b/validation"}
WINDOW: Any = {"artifacts": "s3://b/run"}


def automated() -> None:
    stages.automate(PIPELINE, *stages.prepare(PIPELINE))


def test_the_job_reads_tables_with_a_header_of_the_prepared_data(wired: Wired) -> None:
    tasks = wired(automated)
    assert "preprocess" in tasks["add_headers"].upstream_task_ids
    assert "add_headers" in tasks["plan_automl"].upstream_task_ids
    assert "plan_automl" in tasks["automl"].upstream_task_ids
    inputs = tasks["add_headers"].config["ProcessingInputs"]
    sources = {one["InputName"]: one["S3Input"]["S3Uri"] for one in inputs}
    assert sources["train"].endswith("key='outputs')['train'] }}/")


def test_the_best_candidate_is_ranked_among_all_of_the_job(wired: Wired) -> None:
    selection = wired(automated)["select_best"]
    assert {task.task_id for task, _ in XComArg.iter_xcom_references(selection.trials)} == {
        "automl"
    }
    assert "automl" in wired(automated)["leaderboard"].upstream_task_ids


def test_the_request_asks_for_what_the_form_states() -> None:
    form = defaults(params.automl(PIPELINE)) | {"algorithms": ["mlp"], "max_candidates": 7}
    config = plan_automl.function("churn", WINDOW, TABLES, params=form)["config"]
    tabular = config["AutoMLProblemTypeConfig"]["TabularJobConfig"]
    assert tabular["CompletionCriteria"]["MaxCandidates"] == 7
    assert tabular["CandidateGenerationConfig"]["AlgorithmsConfig"] == [
        {"AutoMLAlgorithms": ["mlp"]}
    ]
    assert config["OutputDataConfig"]["S3OutputPath"] == "s3://b/run/automl"


def test_a_pipeline_that_serves_one_container_has_no_automl_job(wired: Wired) -> None:
    hosted = replace(PIPELINE, component=Component(memory_mb=1024))
    with pytest.raises(PipelineError, match="AutoML makes models of several"):
        wired(lambda: stages.automate(hosted, *stages.prepare(hosted)))
