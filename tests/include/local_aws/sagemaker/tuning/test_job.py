"""Tuning jobs that really train: how they search, stop, end and survive."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.jobs.runner import Job
from include.local_aws.sagemaker.tuning import job as tuning_jobs
from include.local_aws.sagemaker.tuning import suggestions
from include.local_aws.testing import running_server
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.jobs import Jobs, made
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.tuning.searches import (
    choices,
    config,
    described,
    ended,
    scripted,
    started,
    training_jobs,
    tried,
    until,
)

Unique = Callable[[str], str]


def test_grid_tries_every_combination_once(tuned: Jobs, unique: Unique) -> None:
    name = unique("grid")
    settings = config("Grid", 3, ParameterRanges=choices("1", "2", "3"))
    started(tuned, name, settings, scripted(tuned, name, "print(f'score={-(x - 2) ** 2};')"))
    job = ended(tuned, name)
    tried = [j["TunedHyperParameters"]["x"] for j in training_jobs(tuned, name)]
    assert tried == ["1", "2", "3"]
    assert job["BestTrainingJob"]["TunedHyperParameters"] == {"x": "2"}
    page = tuned.sagemaker.list_hyper_parameter_tuning_jobs(NameContains=name)
    (listed,) = page["HyperParameterTuningJobSummaries"]
    assert listed["TrainingJobStatusCounters"] == job["TrainingJobStatusCounters"]
    assert listed["Strategy"] == "Grid"


def test_failures_are_counted_and_not_the_end(tuned: Jobs, unique: Unique) -> None:
    """One failing, one without its objective, one good: the job completes with the good one."""
    name = unique("mixed")
    code = "if x == 1: raise SystemExit(1)\nif x == 3: print(f'score={x};')\n"
    settings = config("Grid", 3, ParameterRanges=choices("1", "2", "3"))
    started(tuned, name, settings, scripted(tuned, name, code))
    job = ended(tuned, name)
    assert job["HyperParameterTuningJobStatus"] == "Completed"
    assert job["TrainingJobStatusCounters"]["NonRetryableError"] == 1
    assert job["ObjectiveStatusCounters"] == {"Succeeded": 1, "Pending": 0, "Failed": 2}
    assert job["BestTrainingJob"]["TunedHyperParameters"] == {"x": "3"}


def test_it_fails_when_all_training_jobs_do(tuned: Jobs, unique: Unique) -> None:
    name = unique("hopeless")
    started(tuned, name, config("Random", 1, 1), scripted(tuned, name, "raise SystemExit(1)"))
    job = ended(tuned, name)
    assert job["HyperParameterTuningJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("All training jobs failed.")
    assert "BestTrainingJob" not in job
    tuned.sagemaker.delete_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    refusal(described, jobs=tuned, name=name)
    kept = tuned.sagemaker.list_training_jobs(NameContains=name)["TrainingJobSummaries"]
    assert [summary["TrainingJobStatus"] for summary in kept] == ["Failed"]


def test_early_stopping_ends_jobs_below_the_median(tuned: Jobs, unique: Unique) -> None:
    """Three good jobs, then a bad one that would sleep for a minute."""
    name = unique("early")
    code = (
        "import time\n"
        "for epoch in range(3): print(f'score={x + epoch};', flush=True)\n"
        "time.sleep(60 if x < 0 else 0)\n"
    )
    settings = config(
        "Grid",
        4,
        1,
        ParameterRanges=choices("1", "2", "3", "-9"),
        TrainingJobEarlyStoppingType="Auto",
    )
    started(tuned, name, settings, scripted(tuned, name, code))
    job = ended(tuned, name, timeout=50)
    assert job["HyperParameterTuningJobStatus"] == "Completed"
    assert job["TrainingJobStatusCounters"]["Stopped"] == 1
    stopped = training_jobs(tuned, name, StatusEquals="Stopped")
    assert [j["TunedHyperParameters"]["x"] for j in stopped] == ["-9"]


def test_stop_stops_the_training_jobs(tuned: Jobs, unique: Unique) -> None:
    name = unique("stop")
    sleeping = scripted(tuned, name, "import time; time.sleep(60)")
    started(tuned, name, config("Random", 4), sleeping)
    until(
        lambda: described(tuned, name),
        lambda job: job["TrainingJobStatusCounters"]["InProgress"] == 2,
    )
    delete = tuned.sagemaker.delete_hyper_parameter_tuning_job
    assert "is InProgress. Stop it" in refusal(delete, HyperParameterTuningJobName=name)[1]
    warm = {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": name}],
        "WarmStartType": "IdenticalDataAndAlgorithm",
    }
    request = {"name": f"{name}-2", "settings": config("Random", 4), "definition": sleeping}
    message = refusal(started, jobs=tuned, **request, WarmStartConfig=warm)[1]
    assert message == f"Parent tuning job {name} is InProgress: wait until it has ended."
    tuned.sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    job = ended(tuned, name, timeout=50)
    assert job["HyperParameterTuningJobStatus"] == "Stopped"
    assert job["TrainingJobStatusCounters"]["Stopped"] == 2


def test_warm_start_uses_its_parents_jobs(tuned: Jobs, unique: Unique) -> None:
    """The best of both is returned, and a reached target ends the search early."""
    parent, child = unique("parent"), unique("child")
    code = "print(f'score={-(x - 2) ** 2};')"
    settings = config("Grid", 1, 1, ParameterRanges=choices("2"))
    started(tuned, parent, settings, scripted(tuned, parent, code))
    ended(tuned, parent)
    warm = {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": parent}],
        "WarmStartType": "IdenticalDataAndAlgorithm",
    }
    criteria = {"TargetObjectiveMetricValue": -100.0}
    settings = config("Bayesian", 5, 1, TuningJobCompletionCriteria=criteria)
    started(tuned, child, settings, scripted(tuned, child, code), WarmStartConfig=warm)
    job = ended(tuned, child)
    assert job["TrainingJobStatusCounters"]["Completed"] == 1
    assert job["OverallBestTrainingJob"]["TuningJobName"] == parent
    assert job["BestTrainingJob"]["TuningJobName"] == child


def test_transfer_learning_takes_the_order_of_its_parents_jobs(tuned: Jobs, unique: Unique) -> None:
    """On other data only the ranks of a parent's objectives are used."""
    parent, child = unique("parent"), unique("child")
    ranks = {"0": -2.5, "1": -1.5, "2": 0.5, "3": 2.5, "3.5": 1.5, "4": -0.5}
    settings = config("Grid", 6, 3, ParameterRanges=choices(*ranks))
    values = {"0": 1.0, "1": 900.0, "2": 997.0, "3": 1000.0, "3.5": 999.0, "4": 950.0}
    code = f"print(f'score={{ { ({float(x): v for x, v in values.items()}) }[x] }};')"
    started(tuned, parent, settings, scripted(tuned, parent, code))
    ended(tuned, parent)
    warm = {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": parent}],
        "WarmStartType": "TransferLearning",
    }
    settings, definition = config("Bayesian", 1, 1), scripted(tuned, child, "print('score=7;')")
    started(tuned, child, settings, definition, WarmStartConfig=warm)
    job = ended(tuned, child)
    space = suggestions.parameters(settings["ParameterRanges"])
    order = [suggestions.Observation({"x": x}, rank) for x, rank in ranks.items()]
    expected = suggestions.propose("Bayesian", space, order, maximize=True, seed=1)
    assert job["BestTrainingJob"]["TunedHyperParameters"] == expected
    assert "OverallBestTrainingJob" not in job


def test_it_continues_after_a_crash(tmp_path: Path) -> None:
    """`kill -9` fails the training job that ran; the search starts the remaining ones."""
    name, settings = "survivor", config("Grid", 3, 1, ParameterRanges=choices("1", "2", "3"))
    with running_server(tmp_path, time_scale=60) as server:
        jobs = made(server)
        code = "import time; time.sleep(600 if x == 2 else 0); print(f'score={x};')"
        started(jobs, name, settings, scripted(jobs, name, code))
        second = [{"1": "Completed"}, {"2": "InProgress"}]
        until(lambda: {"found": tried(jobs, name)}, lambda seen: seen["found"] == second)
        server.kill()
    with running_server(tmp_path, time_scale=60) as server:
        jobs = Jobs(server.client("sagemaker"), None, None, "")
        job = ended(jobs, name)
        assert tried(jobs, name) == [{"1": "Completed"}, {"2": "Failed"}, {"3": "Completed"}]
        assert job["HyperParameterTuningJobStatus"] == "Completed"
        assert job["BestTrainingJob"]["TunedHyperParameters"] == {"x": "3"}
        assert job["TrainingJobStatusCounters"]["RetryableError"] == 1


def test_a_failed_point_is_not_tried_again(tuned: Jobs, unique: Unique) -> None:
    """The first point of this seed fails; the search continues elsewhere and finds good ones."""
    name = unique("failing")
    code = "if x > 2: raise SystemExit(1)\nprint(f'score={x};')\n"
    started(tuned, name, config("Bayesian", 5, 1), scripted(tuned, name, code))
    job = ended(tuned, name)
    assert job["HyperParameterTuningJobStatus"] == "Completed", job.get("FailureReason")
    points = [job["TunedHyperParameters"]["x"] for job in training_jobs(tuned, name)]
    assert len(set(points)) == len(points) == 5
    assert job["TrainingJobStatusCounters"]["NonRetryableError"] > 0


def test_a_search_without_an_objective_is_given_up(tuned: Jobs, unique: Unique) -> None:
    """AWS runs five training jobs, not the whole budget."""
    name = unique("silent")
    started(tuned, name, config("Random", 9, 1), scripted(tuned, name, "print('score=nan;')"))
    job = ended(tuned, name)
    assert job["HyperParameterTuningJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("No objective metrics found after running 5 training")
    assert job["TrainingJobStatusCounters"]["Completed"] == 5
    assert job["ObjectiveStatusCounters"]["Failed"] == 5


DEFINITION = {
    "AlgorithmSpecification": {"TrainingImage": "image"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
}


def _tuning(aws: Aws, settings: dict[str, Any], **definition: Any) -> tuning_jobs.Tuning:
    """Return a tuning job in the store, without a server."""
    doc = {
        "HyperParameterTuningJobName": "search",
        "HyperParameterTuningJobArn": "arn:search",
        "HyperParameterTuningJobStatus": "InProgress",
        "HyperParameterTuningJobConfig": settings,
        "TrainingJobDefinition": DEFINITION | definition,
        "CreationTime": aws.clock.now(),
    }
    aws.store.insert("hyper-parameter-tuning-job", "search", doc)
    return tuning_jobs.Tuning(Job(aws, "hyper-parameter-tuning-job", "search"))


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return the requests of training jobs, which the store gets as running ones."""
    requests: list[dict[str, Any]] = []
    monkeypatch.setattr(tuning_jobs, "launch", partial(_launch, requests, 100))
    return requests


def _launch(
    requests: list[dict[str, Any]], most: int, aws: Aws, request: dict[str, Any], **members: Any
) -> None:
    """Store a running training job unless there are *most* of them."""
    if len(requests) == most:
        raise AwsError("ResourceLimitExceeded", f"{most} of {most} instances are used.")
    requests.append(request)
    running = request | members | {"TrainingJobStatus": "InProgress"}
    aws.store.insert("training-job", request["TrainingJobName"], running)


def test_a_search_that_is_given_up_starts_no_more_jobs(
    aws: Aws, launched: list[dict[str, Any]]
) -> None:
    """Let six of the first jobs end without an objective while another one runs."""
    tuning = _tuning(aws, config("Random", 20, 7))
    asyncio.run(tuning._fill())
    assert len(launched) == 7
    for request in launched[:6]:
        aws.store.update("training-job", request["TrainingJobName"], TrainingJobStatus="Failed")
    asyncio.run(tuning._fill())
    assert len(launched) == 7


def test_a_flexible_definition_takes_its_first_instance_type(
    aws: Aws, launched: list[dict[str, Any]]
) -> None:
    types = [
        {"InstanceType": kind, "InstanceCount": 1, "VolumeSizeInGB": 5}
        for kind in ("ml.m5.xlarge", "ml.m5.large")
    ]
    flexible = {"InstanceConfigs": types, "VolumeKmsKeyId": "key", "AllocationStrategy": "x"}
    tuning = _tuning(
        aws,
        config("Random", 1, 1),
        ResourceConfig=None,
        HyperParameterTuningResourceConfig=flexible,
    )
    asyncio.run(tuning._fill())
    assert launched[0]["ResourceConfig"] == types[0] | {"VolumeKmsKeyId": "key"}


@pytest.mark.parametrize("is_refused", [True, False])
def test_a_search_that_fails_stops_its_training_jobs(
    aws: Aws,
    monkeypatch: pytest.MonkeyPatch,
    launched: list[dict[str, Any]],
    is_refused: bool,
) -> None:
    """Stop those that use a whole quota, and those of a search that meets a bug."""
    stopped: list[str] = []

    async def stop(aws: Aws, job: dict[str, Any]) -> None:
        stopped.append(job["TrainingJobName"])
        aws.store.update("training-job", job["TrainingJobName"], TrainingJobStatus="Stopped")

    monkeypatch.setattr(tuning_jobs, "launch", partial(_launch, launched, 1))
    monkeypatch.setattr(tuning_jobs, "stop_training_job", stop)
    monkeypatch.setattr(tuning_jobs, "POLL", 0.001)
    tuning = _tuning(aws, config("Random", 3, 2))
    if is_refused:
        asyncio.run(tuning.work())
        job = aws.store.get("hyper-parameter-tuning-job", "search") or {}
        assert job["HyperParameterTuningJobStatus"] == "Failed"
        assert job["FailureReason"] == "ClientError: 1 of 1 instances are used."
    else:
        monkeypatch.setattr(tuning_jobs, "launch", partial(_launch, launched, 100))
        monkeypatch.setattr(tuning, "_stop_hopeless", partial(getattr, tuning, "bug"))
        with pytest.raises(AttributeError, match="bug"):  # which the supervisor records
            asyncio.run(tuning.work())
    assert stopped == [request["TrainingJobName"] for request in launched]
