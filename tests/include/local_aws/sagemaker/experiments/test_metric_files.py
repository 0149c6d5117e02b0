"""Metrics that a job writes to files, as `Tracker.log_metric` does inside of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.experiments import metric_files
from include.local_aws.sagemaker.experiments.metric_series import points
from tests.include.local_aws.jobs import Jobs

Unique = Callable[[str], str]
# What SageMakerFileMetricsWriter of smexperiments does, which the image does not have.
WRITES = """
import getpass, json, os, time
assert getpass.getuser() == "root"
with open(os.path.join(os.environ["SAGEMAKER_METRICS_DIRECTORY"], f"{os.getpid()}.json"), "w") as f:
    for step, value in enumerate([0.5, 0.25]):
        point = {"MetricName": "loss", "Value": value, "Timestamp": time.time()}
        f.write(json.dumps(point | {"IterationNumber": step}) + "\\n")
    f.write(json.dumps({"MetricName": "bad", "Value": "NaN", "Timestamp": 1}) + "\\nno json\\n")
"""


def test_they_are_metrics_of_the_jobs_trial_component(jobs: Jobs, unique: Unique) -> None:
    name = unique("tracked")
    jobs.run(name, WRITES)
    job = jobs.ended("Training", name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    listed = jobs.sagemaker.list_trial_components(SourceArn=job["TrainingJobArn"])
    (component,) = listed["TrialComponentSummaries"]
    found = jobs.sagemaker.describe_trial_component(
        TrialComponentName=component["TrialComponentName"]
    )
    (metric,) = found["Metrics"]
    shown = {key: metric[key] for key in ("MetricName", "Count", "Last", "Max")}
    assert shown == {"MetricName": "loss", "Count": 2, "Last": 0.25, "Max": 0.5}


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    metric_files.create_folder(tmp_path)
    return tmp_path / metric_files.FOLDER


@pytest.mark.parametrize(
    "changes",
    [
        {"IterationNumber": 2**63},
        {"IterationNumber": -1},
        {"MetricName": ""},
        {"MetricName": "a" * 256},
        {"MetricName": "\ud800"},
        {"Timestamp": 1e300},
        {"Value": 1e200},
    ],
)
def test_a_line_that_the_api_would_refuse_is_skipped(
    aws: Aws, tmp_path: Path, folder: Path, changes: dict[str, Any]
) -> None:
    good = {"MetricName": "loss", "Value": 0.5, "Timestamp": 1.0}
    text = f"{json.dumps(good | changes)}\n{json.dumps(good)}\n"
    (folder / "1.json").write_text(text)
    metric_files.store_metrics(aws, "step", tmp_path)
    assert points(aws, "step") == {"loss": [(1.0, 0, 0.5)]}


def test_files_are_read_up_to_a_number_of_bytes(
    aws: Aws,
    tmp_path: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A job can leave sparse files that are larger than the memory of the machine."""
    point = json.dumps({"MetricName": "loss", "Value": 0.5, "Timestamp": 1.0})
    for number in range(3):
        (folder / f"{number}.json").write_text(point)
    monkeypatch.setattr(metric_files, "MOST", 2 * len(point))
    with caplog.at_level(logging.WARNING):
        metric_files.store_metrics(aws, "step", tmp_path)
    assert len(points(aws, "step")["loss"]) == 2
    assert "have more than" in caplog.text
