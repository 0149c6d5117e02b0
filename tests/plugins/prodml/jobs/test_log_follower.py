"""A list says less of a job than a description: what was known is not forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.jobs import log_follower
from prodml.jobs.jobs import Jobs
from prodml.jobs.log_follower import Follower
from prodml.vocabulary import ENDPOINT, TRAINING, TUNING, Kind

METRIC = {"MetricName": "auc", "Value": 0.875}


class Said:
    """Return the lines of the task's log."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def info(self, text: str, *arguments: Any) -> None:
        self.lines.append(text % arguments)


@pytest.fixture
def said() -> Said:
    return Said()


def _follower(said: Said, kind: Kind = TRAINING) -> Follower:
    return Follower(Jobs(Aws(), kind), "job", said)


def test_a_summary_after_a_description_is_no_change(said: Said) -> None:
    follower = _follower(said)
    follower.log_status({"TrainingJobStatus": "InProgress", "SecondaryStatus": "Training"})
    follower.log_status({"TrainingJobStatus": "InProgress"})
    assert said.lines == ["training job job: Training"]


def test_metrics_stay_known(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_follower, "REMIND", 0.0)
    follower = _follower(said)
    follower.log_status({"TrainingJobStatus": "InProgress", "FinalMetricDataList": [METRIC]})
    follower.log_status({"TrainingJobStatus": "InProgress"})
    assert said.lines == ["training job job: InProgress, auc 0.875"] * 2


def test_a_tuning_job_logs_its_best_objective(said: Said) -> None:
    best = {"FinalHyperParameterTuningJobObjectiveMetric": METRIC}
    seen = {"HyperParameterTuningJobStatus": "InProgress", "BestTrainingJob": best}
    _follower(said, TUNING).log_status(seen)
    assert said.lines[0].endswith("InProgress, auc 0.875")


def test_an_update_counts_from_its_own_beginning(said: Said) -> None:
    """An endpoint that is half an hour old, and whose update began a minute ago."""
    now = datetime.now(UTC)
    old = {"CreationTime": now - timedelta(minutes=30)}
    updating = {"EndpointStatus": "Updating", "LastModifiedTime": now - timedelta(seconds=60)}
    _follower(said, ENDPOINT).log_status(old | updating)
    assert said.lines == ["endpoint job: Updating after 60 s"]


def test_a_job_counts_from_its_creation(said: Said) -> None:
    created = datetime.now(UTC) - timedelta(seconds=90)
    seen = {"TrainingJobStatus": "InProgress", "LastModifiedTime": datetime.now(UTC)}
    _follower(said).log_status(seen | {"CreationTime": created})
    assert said.lines == ["training job job: InProgress after 90 s"]
