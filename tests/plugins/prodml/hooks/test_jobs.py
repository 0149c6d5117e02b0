"""Looking at a job never ends it, and costs little."""

from __future__ import annotations

import json

import pytest
from prodml.exceptions import JobFailedError, JobStoppedError
from prodml.hooks.aws import Aws
from prodml.hooks.jobs import Jobs
from prodml.hooks.pace import pause
from prodml.vocabulary import TRAINING

from include.local_aws.processes import free_port


def _jobs() -> Jobs:
    return Jobs(Aws(), TRAINING)


def test_an_outage_is_not_the_end_of_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"region_name": "us-east-1", "endpoint_url": f"http://127.0.0.1:{free_port()}"}
    connection = {"conn_type": "aws", "login": "tester", "password": "tester", "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_GONE", json.dumps(connection))
    gone = Aws("gone", botocore_config={"retries": {"total_max_attempts": 1}})
    jobs = Jobs(gone, TRAINING)
    assert not jobs.settled(jobs.look("job"))


@pytest.mark.parametrize(("elapsed", "seconds"), [(0, 1), (59, 1), (600, 10), (86400, 30)])
def test_long_jobs_are_looked_at_less_often(elapsed: float, seconds: float) -> None:
    assert pause(1.0, elapsed) == seconds


def test_the_limit_that_stopped_a_job_is_named() -> None:
    description = {"TrainingJobStatus": "Stopped", "SecondaryStatus": "MaxRuntimeExceeded"}
    with pytest.raises(JobStoppedError, match="MaxRuntimeExceeded"):
        _jobs().completed("job", description)


def test_a_failure_without_a_log_still_has_its_reason() -> None:
    description = {"TrainingJobStatus": "Failed", "FailureReason": "CapacityError: no machines"}
    with pytest.raises(JobFailedError, match="CapacityError: no machines"):
        _jobs().completed("never-ran", description)
