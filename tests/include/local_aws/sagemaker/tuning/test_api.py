from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.jobs import XGBOOST, Jobs, channel
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.training.test_job import ROWS
from tests.include.local_aws.sagemaker.tuning.searches import (
    config,
    ended,
    scripted,
    started,
    training_jobs,
)

Unique = Callable[[str], str]
CONVERGENCE = {"ConvergenceDetected": {"CompleteOnConvergence": "Enabled"}}


def ranges(name: str, low: str = "0", high: str = "4") -> dict[str, Any]:
    given = {"Name": name, "MinValue": low, "MaxValue": high}
    return {"ContinuousParameterRanges": [given]}


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
        "ConvergenceDetected": config("Random", 1, 1, TuningJobCompletionCriteria=CONVERGENCE),
        "needs an objective": config("Random", 1, 1, HyperParameterTuningJobObjective=None),
        "is empty": config("Random", 1, 1, ParameterRanges=ranges("x", "4", "0")),
        "['sagemaker_program'] are both": config(
            "Random", 1, 1, ParameterRanges=ranges("sagemaker_program")
        ),
    }
    for sentence, settings in cases.items():
        settings = {member: value for member, value in settings.items() if value is not None}
        code, message = refusal(
            tuned.sagemaker.create_hyper_parameter_tuning_job,
            HyperParameterTuningJobName=name,
            HyperParameterTuningJobConfig=settings,
            TrainingJobDefinition=definition,
        )
        assert code == "ValidationException"
        assert sentence in message


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"ResourceConfig": None}, "needs a ResourceConfig"),
        ({"AlgorithmSpecification": {"TrainingInputMode": "File"}}, "needs a TrainingImage"),
    ],
)
def test_definitions_that_lack_a_member_are_refused(
    tuned: Jobs, unique: Unique, members: dict[str, Any], sentence: str
) -> None:
    name = unique("refused")
    definition = scripted(tuned, name, "") | members
    given = {member: value for member, value in definition.items() if value is not None}
    settings = config("Random", 1, 1)
    code, message = refusal(started, jobs=tuned, name=name, settings=settings, definition=given)
    assert (code, sentence in message) == ("ValidationException", True)


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


def test_a_list_has_another_arn_of_a_job_with_capitals(tuned: Jobs, unique: Unique) -> None:
    """As on AWS, whose ListTags knows the exact ARN alone (boto3 #4606)."""
    name, api = unique("Capitals"), tuned.sagemaker
    definition = scripted(tuned, name, "print(f'score={x};')")
    started(tuned, name, config("Random", 1, 1), definition, Tags=[{"Key": "a", "Value": "b"}])
    arn = ended(tuned, name)["HyperParameterTuningJobArn"]
    page = api.list_hyper_parameter_tuning_jobs(NameContains=name)
    listed = page["HyperParameterTuningJobSummaries"][0]["HyperParameterTuningJobArn"]
    assert listed == arn.lower() != arn
    assert api.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
    assert refusal(api.list_tags, ResourceArn=listed)[1] == "Resource does not exist."
