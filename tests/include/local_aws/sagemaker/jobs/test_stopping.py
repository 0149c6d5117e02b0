"""Stopping jobs: only those that run."""

from __future__ import annotations

from collections.abc import Callable

from tests.include.local_aws.jobs import Jobs
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]
GROUP = "/aws/sagemaker/TrainingJobs"


def test_the_answer_does_not_wait_and_a_second_stop_is_refused(jobs: Jobs, unique: Unique) -> None:
    name = unique("stop")
    jobs.run(name, "import time; print('up', flush=True); time.sleep(99)")
    jobs.wait_for_line(GROUP, name, "up")
    jobs.sagemaker.stop_training_job(TrainingJobName=name)
    job = jobs.ended("Training", name, timeout=60)
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Stopped"
    code, message = refusal(jobs.sagemaker.stop_training_job, TrainingJobName=name)
    assert code == "ValidationException"
    assert message == "The request was rejected because the training job is in status Stopped."
