"""The description of a job that failed outside of its phases."""

from __future__ import annotations

import pytest

from include.local_aws.sagemaker.jobs.failures import NOUNS, failed


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        ("processing-job", "ProcessingEndTime"),
        ("transform-job", "TransformEndTime"),
        ("hyper-parameter-tuning-job", "HyperParameterTuningEndTime"),
    ],
)
def test_status_reason_and_end_are_there(kind: str, end: str) -> None:
    changes = failed(kind, {}, "x" * 2000, 7.0)
    status = f"{NOUNS[kind]}Status"
    assert changes == {status: "Failed", "FailureReason": "x" * 1024, end: 7.0}


def test_an_autopilot_job_has_a_secondary_status_too() -> None:
    assert failed("automl-job", {}, "why", 7.0) == {
        "AutoMLJobStatus": "Failed",
        "AutoMLJobSecondaryStatus": "Failed",
        "FailureReason": "why",
        "EndTime": 7.0,
    }


def test_a_training_jobs_phases_end_too() -> None:
    running = [{"Status": "Training", "StartTime": 1.0}]
    changes = failed("training-job", {"SecondaryStatusTransitions": running}, "why", 7.0)
    assert changes["SecondaryStatus"] == "Failed"
    assert changes["TrainingEndTime"] == 7.0
    training, last = changes["SecondaryStatusTransitions"]
    assert training["EndTime"] == last["StartTime"] == last["EndTime"] == 7.0
    assert last["StatusMessage"] == "why"
    assert running == [{"Status": "Training", "StartTime": 1.0}]
