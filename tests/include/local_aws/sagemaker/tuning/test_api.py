from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.sagemaker.tuning import suggestions
from include.local_aws.testing import Server, running_server
from tests.include.local_aws.jobs import CLUSTER, ROLE, SKLEARN, XGBOOST, Jobs, channel, made
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.training.test_job import ROWS

Json = dict[str, Any]
Unique = Callable[[str], str]
SCORE = [{"Name": "score", "Regex": "score=([-0-9.]+);"}]
PEAK = "import sys\nx = float(sys.argv[sys.argv.index('-x') + 1])\n"


@pytest.fixture(scope="session")
def tuned(local_aws: Server) -> Jobs:
    return made(local_aws, "tuning")


def scripted(jobs: Jobs, name: str, code: str, **members: Any) -> Json:
    """A training job definition that runs *code*, which prints `score=...;`."""
    specification = {"TrainingImage": SKLEARN, "TrainingInputMode": "File"}
    return {
        "AlgorithmSpecification": specification | {"MetricDefinitions": SCORE},
        "StaticHyperParameters": jobs.script(name, PEAK + code),
        "RoleArn": ROLE,
        "OutputDataConfig": {"S3OutputPath": f"s3://{jobs.bucket}/models"},
        "ResourceConfig": CLUSTER,
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    } | members


def config(strategy: str, most: int, parallel: int = 2, **members: Any) -> Json:
    return {
        "Strategy": strategy,
        "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "score"},
        "ResourceLimits": {
            "MaxNumberOfTrainingJobs": most,
            "MaxParallelTrainingJobs": parallel,
        },
        "RandomSeed": 1,
        "ParameterRanges": {
            "ContinuousParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "4"}]
        },
    } | members


def choices(*values: str) -> Json:
    return {"CategoricalParameterRanges": [{"Name": "x", "Values": list(values)}]}


def started(jobs: Jobs, name: str, settings: Json, definition: Json, **members: Any) -> None:
    jobs.sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig=settings,
        TrainingJobDefinition=definition,
        **members,
    )


def described(jobs: Jobs, name: str) -> Json:
    job: Json = jobs.sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    return job


def ended(jobs: Jobs, name: str, timeout: float = 120) -> Json:
    return until(
        lambda: described(jobs, name),
        lambda job: job["HyperParameterTuningJobStatus"] in ("Completed", "Failed", "Stopped"),
        timeout,
    )


def until(look: Callable[[], Json], holds: Callable[[Json], bool], timeout: float = 60) -> Json:
    deadline = time.monotonic() + timeout
    while not holds(found := look()):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    return found


def training_jobs(jobs: Jobs, name: str, **members: Any) -> list[Json]:
    found: list[Json] = jobs.sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name, **members
    )["TrainingJobSummaries"]
    return found


def test_tunes_the_built_in_algorithm(tuned: Jobs, unique: Unique) -> None:
    """Real training jobs in AWS's names; the best one, the counters and the lists agree."""
    name = unique("boost")
    data = tuned.put("rows/rows.csv", ROWS)
    definition = scripted(tuned, name, "") | {
        "AlgorithmSpecification": {"TrainingImage": XGBOOST, "TrainingInputMode": "File"},
        "StaticHyperParameters": {"num_round": "3", "objective": "binary:logistic"},
        "InputDataConfig": [channel("train", data), channel("validation", data)],
    }
    objective = {"Type": "Minimize", "MetricName": "validation:logloss"}
    eta = [{"Name": "eta", "MinValue": "0.01", "MaxValue": "0.9", "ScalingType": "Logarithmic"}]
    settings = config("Bayesian", 4, HyperParameterTuningJobObjective=objective)
    started(
        tuned,
        name,
        settings | {"ParameterRanges": {"ContinuousParameterRanges": eta}},
        definition,
    )
    job = ended(tuned, name)
    assert job["HyperParameterTuningJobStatus"] == "Completed", job.get("FailureReason")
    assert job["TrainingJobStatusCounters"]["Completed"] == 4
    assert job["ObjectiveStatusCounters"] == {"Succeeded": 4, "Pending": 0, "Failed": 0}
    ranking = training_jobs(tuned, name, SortBy="FinalObjectiveMetricValue")
    values = [j["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for j in ranking]
    assert values == sorted(values)
    best = job["BestTrainingJob"]
    assert best["TrainingJobName"] == ranking[0]["TrainingJobName"]
    assert re.fullmatch(rf"{name}-00\d-[0-9a-f]{{8}}", best["TrainingJobName"])
    child = tuned.sagemaker.describe_training_job(TrainingJobName=best["TrainingJobName"])
    assert child["TuningJobArn"] == job["HyperParameterTuningJobArn"]
    assert child["HyperParameters"]["eta"] == best["TunedHyperParameters"]["eta"]
    assert child["HyperParameters"]["_tuning_objective_metric"] == "validation:logloss"
    assert len({j["TunedHyperParameters"]["eta"] for j in ranking}) == 4


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


def test_early_stopping_ends_what_is_worse_than_the_median(tuned: Jobs, unique: Unique) -> None:
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
    tuned.sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    job = ended(tuned, name, timeout=50)
    assert job["HyperParameterTuningJobStatus"] == "Stopped"
    assert job["TrainingJobStatusCounters"]["Stopped"] == 2


def test_warm_start_knows_its_parents_jobs(tuned: Jobs, unique: Unique) -> None:
    """The best of both is told, and a target that is met ends the search early."""
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
    """On other data a parent's objectives say who beat whom, and not by how much."""
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


def test_it_goes_on_after_a_crash(tmp_path: Path) -> None:
    """`kill -9` fails the training job that ran; the search starts the ones that are left."""
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


def tried(jobs: Jobs, name: str) -> list[Json]:
    found = training_jobs(jobs, name)
    return [{job["TunedHyperParameters"]["x"]: job["TrainingJobStatus"]} for job in found]


def test_impossible_requests_are_refused(tuned: Jobs, unique: Unique) -> None:
    name = unique("refused")
    definition = scripted(tuned, name, "")
    metric = {"Type": "Maximize", "MetricName": "beauty"}
    cases = {
        "isn't valid": config("Random", 1, 1, HyperParameterTuningJobObjective=metric),
        "exceeds": config("Random", 1, 2),
        "CategoricalParameterRanges only": config("Grid", 1, 1),
        "at least one": config("Random", 1, 1, ParameterRanges={}),
        "Hyperband": config("Hyperband", 1, 1),
    }
    for sentence, settings in cases.items():
        code, message = refusal(
            tuned.sagemaker.create_hyper_parameter_tuning_job,
            HyperParameterTuningJobName=name,
            HyperParameterTuningJobConfig=settings,
            TrainingJobDefinition=definition,
        )
        assert code == "ValidationException"
        assert sentence in message


def test_autotune_is_refused(tuned: Jobs, unique: Unique) -> None:
    name = unique("auto")
    code, message = refusal(
        started,
        jobs=tuned,
        name=name,
        settings=config("Random", 1, 1),
        definition=scripted(tuned, name, ""),
        Autotune={"Mode": "Enabled"},
    )
    assert (code, message.split()[0]) == ("ValidationException", "Autotune")
