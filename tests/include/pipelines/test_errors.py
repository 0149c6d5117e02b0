"""Airflow's adapter fails a ValueError at once and skips NothingNew: neither may be the other."""

from __future__ import annotations

from include.pipelines.errors import NothingNew, PipelineError


def test_a_wrong_pipeline_is_a_wrong_value() -> None:
    assert issubclass(PipelineError, ValueError)


def test_nothing_new_is_no_failure_of_a_value() -> None:
    assert not issubclass(NothingNew, ValueError)
