"""The supervisor of jobs: the failure of those that a crash interrupted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.jobs import runner as runners
from include.local_aws.sagemaker.jobs.runner import STOP_PATIENCE, Job, JobRunner
from include.local_aws.testing import Server, running_server
from tests.include.local_aws.jobs import CLUSTER, REGISTRY, SKLEARN, Jobs, made
from tests.include.local_aws.sagemaker.tuning.searches import until

Unique = Callable[[str], str]
STUCK = {
    "TrainingImage": SKLEARN,
    "TrainingInputMode": "File",
    "ContainerEntrypoint": ["python3", "-c"],
    "ContainerArguments": ["import time; print('loss=1\\n' * 11, flush=True); time.sleep(99)"],
    "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9])"}],
}
RULES = [
    {
        "RuleConfigurationName": name,
        "RuleEvaluatorImage": f"{REGISTRY}/sagemaker-debugger-rules",
        "RuleParameters": {"rule_to_invoke": rule},
    }
    for name, rule in (("decrease", "LossNotDecreasing"), ("stalled", "StalledTrainingRule"))
]


def _rules(server: Server, name: str) -> dict[str, str]:
    job = server.client("sagemaker").describe_training_job(TrainingJobName=name)
    statuses = job["DebugRuleEvaluationStatuses"]
    return {one["RuleConfigurationName"]: one["RuleEvaluationStatus"] for one in statuses}


def test_an_interrupted_job_fails_and_its_folder_is_removed(unique: Unique, tmp_path: Path) -> None:
    """Every time that it has, ends: of the last phase, and of the job."""
    name = unique("cut")
    with running_server(tmp_path) as server:
        jobs = made(server)
        jobs.train(name, SKLEARN, AlgorithmSpecification=STUCK, DebugRuleConfigurations=RULES)
        until(partial(_rules, server, name), lambda seen: seen["decrease"] == "IssuesFound")
        server.kill()
    with running_server(tmp_path) as server:
        again = server.client("sagemaker").describe_training_job(TrainingJobName=name)
    assert again["TrainingJobStatus"] == again["SecondaryStatus"] == "Failed"
    assert again["FailureReason"].startswith("InternalServerError: The embedded AWS was restarted")
    assert all("EndTime" in entry for entry in again["SecondaryStatusTransitions"])
    assert again["SecondaryStatusTransitions"][-1]["Status"] == "Failed"
    assert again["TrainingEndTime"] >= again["TrainingStartTime"]
    assert list(tmp_path.rglob(f"training-job/{name}")) == []
    decrease, stalled = again["DebugRuleEvaluationStatuses"]
    assert "at step 10 resulted" in decrease["StatusDetails"]
    assert decrease["RuleEvaluationStatus"] == "IssuesFound"
    assert stalled["RuleEvaluationStatus"] == "Error"
    assert stalled["StatusDetails"] == again["FailureReason"]


def test_an_instance_that_cannot_start_ends_those_that_have(jobs: Jobs, unique: Unique) -> None:
    name = unique("half")
    two = CLUSTER | {"InstanceCount": 2}
    jobs.run(name, "import time; time.sleep(99)", ResourceConfig=two, Environment={"A": "\0"})
    assert "NUL" in jobs.failure("Training", name, timeout=60)


class _Container:
    """A container that runs until it is killed."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.patience = 0.0

    def kill(self) -> None:
        self.ended.set()

    async def wait(self) -> int:
        await self.ended.wait()
        return -9

    async def stop(self, patience: float) -> None:
        self.patience = patience
        self.kill()


def _stored(aws: Aws, status: str = "InProgress") -> None:
    doc = {"ProcessingJobName": "job", "ProcessingJobStatus": status}
    aws.store.insert("processing-job", "job", doc)


def test_containers_that_have_started_end_when_a_later_one_cannot(aws: Aws) -> None:
    _stored(aws)

    async def start(container: Any) -> Any:
        if isinstance(container, Exception):
            raise container
        return container

    async def check() -> None:
        first, starts = _Container(), Job(aws, "processing-job", "job").start_all
        with pytest.raises(OSError, match="no memory"):
            await starts([start(first), start(OSError("no memory"))])
        assert first.ended.is_set()

    asyncio.run(check())


def test_a_container_past_its_time_limit_is_stopped(aws: Aws) -> None:
    _stored(aws)

    async def check() -> None:
        container, job = _Container(), Job(aws, "processing-job", "job")
        assert await job.run([container], limit=0.01) == -9  # type: ignore[list-item]
        assert (job.stopping, container.patience) == ("MaxRuntimeExceeded", STOP_PATIENCE)

    asyncio.run(check())


@pytest.mark.parametrize("end", ["error", "server"])
def test_no_container_outlives_its_job(aws: Aws, end: str) -> None:
    """End it at an error of the embedded AWS itself, and at its end."""
    _stored(aws)

    async def check() -> None:
        container, runner = _Container(), JobRunner(aws)

        async def work(job: Job) -> None:
            job._containers = [container]  # type: ignore[list-item]
            if end == "error":
                raise KeyError("bug")
            await container.wait()
            await asyncio.Event().wait()

        runner.submit("processing-job", "job", work)
        await asyncio.sleep(0)
        if end == "server":
            await runner.stop()
        async with asyncio.timeout(5):
            await container.wait()
            while runner._jobs:
                await asyncio.sleep(0.001)

    asyncio.run(check())
    job = aws.store.get("processing-job", "job") or {}
    if end == "error":
        assert job["ProcessingJobStatus"] == "Failed"
        assert job["FailureReason"].startswith("InternalServerError: We encountered")
    else:
        assert job["ProcessingJobStatus"] == "InProgress"  # which the next start decides


def test_a_job_that_was_stopping_is_resumed_to_be_stopped(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stored(aws, "Stopping")
    reasons: list[str | None] = []

    async def work(job: Job) -> None:
        reasons.append(job.stopping)

    monkeypatch.setattr(runners, "RESUMABLE", {"processing-job": work})

    async def check() -> None:
        runner = JobRunner(aws)
        await runner.start()
        while runner._jobs:
            await asyncio.sleep(0.001)

    asyncio.run(check())
    assert reasons == ["Stopped"]
