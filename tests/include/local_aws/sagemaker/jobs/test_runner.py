"""The supervisor of jobs: the failure of those that a crash interrupted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from include.local_aws.testing import running_server
from tests.include.local_aws.jobs import CLUSTER, Jobs, made

Unique = Callable[[str], str]
GROUP = "/aws/sagemaker/TrainingJobs"


def test_an_interrupted_job_fails_and_its_folder_is_removed(unique: Unique, tmp_path: Path) -> None:
    """Every time that it has, ends: of the last phase, and of the job."""
    name = unique("cut")
    with running_server(tmp_path) as server:
        jobs = made(server)
        jobs.run(name, "import time; print('up', flush=True); time.sleep(99)")
        jobs.wait_for_line(GROUP, name, "up")
        server.kill()
    with running_server(tmp_path) as server:
        again = server.client("sagemaker").describe_training_job(TrainingJobName=name)
    assert again["TrainingJobStatus"] == again["SecondaryStatus"] == "Failed"
    assert again["FailureReason"].startswith("InternalServerError: The embedded AWS was restarted")
    assert all("EndTime" in entry for entry in again["SecondaryStatusTransitions"])
    assert again["SecondaryStatusTransitions"][-1]["Status"] == "Failed"
    assert again["TrainingEndTime"] >= again["TrainingStartTime"]
    assert list(tmp_path.rglob(f"training-job/{name}")) == []


def test_an_instance_that_cannot_start_ends_those_that_have(jobs: Jobs, unique: Unique) -> None:
    name = unique("half")
    two = CLUSTER | {"InstanceCount": 2}
    jobs.run(name, "import time; time.sleep(99)", ResourceConfig=two, Environment={"A": "\0"})
    assert "NUL" in jobs.failure("Training", name, timeout=60)
