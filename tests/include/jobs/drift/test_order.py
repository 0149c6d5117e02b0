"""The request to a monitoring job, read as Model Monitor's container reads it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from include.jobs.drift import container, monitor, order
from include.jobs.drift.errors import UnreadableData
from include.jobs.drift.order import Order
from tests.include.jobs.drift.data import NOON, rows, write_table


def test_a_variable_goes_before_the_jobs_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").mkdir()
    given = {"Environment": {"output_path": "/from/file", "dataset_source": "/data"}}
    (tmp_path / "config" / "processingjobconfig.json").write_text(json.dumps(given))
    monkeypatch.setattr(order, "BASE", tmp_path)
    monkeypatch.setenv("output_path", "/from/variable")
    result = order.environment()
    assert (result["output_path"], result["dataset_source"]) == ("/from/variable", "/data")


def test_the_window_is_open_where_nothing_is_given() -> None:
    hour = Order({"start_time": "2024-05-06T12:00:00Z", "end_time": "2024-05-06T13:00:00Z"})
    assert (hour.window.start, hour.window.end) == (NOON, NOON + timedelta(hours=1))
    assert Order({}).window.start is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "dataset_format is not set"),
        ({"dataset_format": "csv"}, "dataset_format is not JSON"),
    ],
)
def test_a_format_that_cannot_be_read_is_named(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(UnreadableData, match=sentence):
        _ = Order(given).format


def test_metrics_have_a_place_only_when_they_are_enabled() -> None:
    assert Order({"publish_cloudwatch_metrics": "Disabled"}).metrics is None
    names = {"sagemaker_endpoint_name": "churn", "start_time": "2024-05-06T12:00:00Z"}
    place = Order({"publish_cloudwatch_metrics": "Enabled"} | names).metrics
    assert place
    assert (place.endpoint, place.schedule, place.time) == ("churn", "", names["start_time"])


def test_the_end_is_the_jobs_exit_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MESSAGE", tmp_path / "output" / "message")
    (tmp_path / "output").mkdir()
    assert order.end("x" * 2000, 3) == 3
    assert (tmp_path / "output" / "message").read_text() == "x" * 1024


def test_a_baseline_of_statistics_alone_has_the_usual_constraints(baseline: Path) -> None:
    given = {"baseline_statistics": str(baseline / "statistics.json")}
    result = Order(given).baseline
    assert result
    profile, constraints = result
    assert list(constraints.columns) == list(profile.columns) == ["minutes", "calls", "plan"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"problem_type": "Ranking"}, "problem_type 'Ranking' is unknown. Use one of: "),
        ({"problem_type": "Regression"}, "No merged label lies in the window"),
    ],
)
def test_a_job_of_model_quality_without_a_measure_is_refused(
    given: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableData, match=sentence):
        monitor.model_quality(Order({"dataset_source": str(tmp_path)} | given))


def test_a_method_that_is_not_one_of_model_monitors_is_refused(tmp_path: Path) -> None:
    write_table(tmp_path / "d.csv", rows(5, 1))
    given = {
        "dataset_source": str(tmp_path),
        "dataset_format": '{"csv": {"header": true}}',
        "output_path": str(tmp_path / "out"),
        "exclude_features_attribute": "calls",
        "categorical_drift_method": "Guess",
    }
    assert list(monitor.read(Order(given), None).columns) == ["minutes", "plan"]
    with pytest.raises(UnreadableData, match=r"method is 'Guess'\. Use one of"):
        monitor.data_quality(Order(given))
