"""The supervisor of jobs: the failure of those that a crash interrupted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

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
