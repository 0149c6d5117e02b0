"""The wiring of a batch scoring run."""

from __future__ import annotations

from airflow.sdk import XComArg

from include.pipelines import stages
from include.pipelines.churn import PIPELINE
from tests.include.pipelines.stages.conftest import Wired


def test_the_champion_of_the_plan_scores_line_by_line(wired: Wired) -> None:
    transform = wired(stages.score, PIPELINE)["transform"]
    assert isinstance(transform.container, XComArg)
    assert (transform.strategy, transform.split_type) == ("MultiRecord", "Line")


def test_a_score_file_is_made_anew_by_every_run(wired: Wired) -> None:
    tasks = wired(stages.score, PIPELINE)
    assert [tasks[name].fresh for name in ("encode", "transform")] == [True, True]


def test_the_drift_check_reads_what_the_transform_wrote(wired: Wired) -> None:
    tasks = wired(stages.score, PIPELINE)
    check = tasks["check_drift"]
    assert check.answers_uri == tasks["transform"].output_uri
    assert check.data_uri == tasks["transform"].input_uri
    assert check.data_uri.endswith("key='prefix') }}/features/")
    assert "transform" in check.upstream_task_ids
