"""A client of tuning jobs with boto3, for the tests of this folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from include.local_aws.core.store import Doc
from tests.include.local_aws.jobs import CLUSTER, ROLE, SKLEARN, Jobs

SCORE = [{"Name": "score", "Regex": "score=([-0-9.nai]+);"}]


PEAK = "import sys\nx = float(sys.argv[sys.argv.index('-x') + 1])\n"


def scripted(jobs: Jobs, name: str, code: str, **members: Any) -> Doc:
    """Return a training job definition that runs *code*, which prints `score=...;`."""
    specification = {"TrainingImage": SKLEARN, "TrainingInputMode": "File"}
    return {
        "AlgorithmSpecification": specification | {"MetricDefinitions": SCORE},
        "StaticHyperParameters": jobs.script(name, PEAK + code),
        "RoleArn": ROLE,
        "OutputDataConfig": {"S3OutputPath": f"s3://{jobs.bucket}/models"},
        "ResourceConfig": CLUSTER,
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    } | members


def config(strategy: str, most: int, parallel: int = 2, **members: Any) -> Doc:
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


def choices(*values: str) -> Doc:
    return {"CategoricalParameterRanges": [{"Name": "x", "Values": list(values)}]}


def started(jobs: Jobs, name: str, settings: Doc, definition: Doc, **members: Any) -> None:
    jobs.sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig=settings,
        TrainingJobDefinition=definition,
        **members,
    )


def described(jobs: Jobs, name: str) -> Doc:
    job: Doc = jobs.sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    return job


def ended(jobs: Jobs, name: str, timeout: float = 120) -> Doc:
    return until(
        lambda: described(jobs, name),
        lambda job: job["HyperParameterTuningJobStatus"] in ("Completed", "Failed", "Stopped"),
        timeout,
    )


def until(describe: Callable[[], Doc], holds: Callable[[Doc], bool], timeout: float = 60) -> Doc:
    deadline = time.monotonic() + timeout
    while not holds(description := describe()):
        assert time.monotonic() < deadline, description
        time.sleep(0.1)
    return description


def training_jobs(jobs: Jobs, name: str, **members: Any) -> list[Doc]:
    summaries: list[Doc] = jobs.sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name, **members
    )["TrainingJobSummaries"]
    return summaries


def tried(jobs: Jobs, name: str) -> list[Doc]:
    summaries = training_jobs(jobs, name)
    return [{job["TunedHyperParameters"]["x"]: job["TrainingJobStatus"]} for job in summaries]
