"""The candidates of a job, from the training jobs of its tuning job."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.automl.candidates import best, candidates
from include.local_aws.sagemaker.automl.steps import STEPS, Steps
from tests.include.local_aws.sagemaker.automl.stored import job, trained

FINAL = "FinalAutoMLJobObjectiveMetric"


def begin(aws: Aws, part: str, **members: Any) -> str:
    """Store a step of the job as its first attempt; return its name."""
    step, name = STEPS[part], Steps(aws, job()).name(part, 1)
    doc: Doc = {f"{step.noun}Name": name, f"{step.noun}Arn": f"arn:{name}"} | members
    aws.store.insert(step.kind, name, doc)
    return name


def listed(aws: Aws, *trials: Doc) -> list[Doc]:
    """Store training jobs of the tuning job; return the candidates."""
    tuning = begin(aws, "tuning")
    for doc in trials:
        aws.store.insert("training-job", doc["TrainingJobName"], doc)
        aws.store.link("tuned", tuning, doc["TrainingJobName"])
    return candidates(aws, job())


def measured(name: str, value: float, **members: Any) -> Doc:
    finals = [{"MetricName": "validation:f1_binary", "Value": value}]
    return trained(name, FinalMetricDataList=finals, **members)


def test_a_job_before_its_tuning_has_no_candidates(aws: Aws) -> None:
    assert candidates(aws, job()) == []
    assert best([]) is None


def test_a_candidate_states_the_steps_before_it_and_its_own(aws: Aws) -> None:
    artifact = {"S3ModelArtifacts": "s3://b/fitted/model.tar.gz"}
    names = [begin(aws, part) for part in ("db", "dpp1")]
    names += [begin(aws, "dpp0", ModelArtifacts=artifact), begin(aws, "dpp0-csv")]
    (candidate,) = listed(aws, trained("t-1"))
    steps = [step["CandidateStepName"] for step in candidate["CandidateSteps"]]
    assert steps == [names[0], *names[2:], "t-1"]
    assert candidate["CandidateSteps"][2]["CandidateStepType"] == "AWS::SageMaker::TransformJob"
    assert candidate["InferenceContainers"][0]["ModelDataUrl"] == "s3://b/fitted/model.tar.gz"
    assert candidate[FINAL] == {
        "Type": "Maximize",
        "MetricName": "F1",
        "StandardMetricName": "F1",
        "Value": 0.5,
    }


def test_an_ensemble_is_served_by_one_container(aws: Aws) -> None:
    final = {"FinalMetricDataList": [{"MetricName": "validation:f1_binary", "Value": 0.5}]}
    analysis = begin(aws, "db")
    doc = trained("t")
    del doc["TrainingJobDefinitionName"], doc["TrainingJobName"], doc["TrainingJobArn"]
    name = begin(aws, "t1", **(doc | final))
    (candidate,) = candidates(aws, job({"Mode": "ENSEMBLING"}))
    assert [s["CandidateStepName"] for s in candidate["CandidateSteps"]] == [analysis, name]
    (container,) = candidate["InferenceContainers"]
    assert container["ModelDataUrl"] == "s3://b/t/model.tar.gz"
    assert container["Environment"]["SAGEMAKER_PROGRAM"] == "ensemble_serve.py"


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"TrainingJobStatus": "InProgress"}, "Pending"),
        ({"TrainingJobStatus": "Failed", "FailureReason": "AlgorithmError"}, "Failed"),
        ({"FinalMetricDataList": []}, "Failed"),
        ({"ModelArtifacts": {}}, "Failed"),
        ({"TrainingJobStatus": "Stopped"}, "Succeeded"),
    ],
    ids=["running", "failed", "no metric", "no model", "stopped with a model"],
)
def test_only_a_model_with_its_objective_can_be_chosen(aws: Aws, members: Doc, status: str) -> None:
    (candidate,) = listed(aws, trained("t-1", **members))
    assert candidate["ObjectiveStatus"] == status
    assert (FINAL in candidate) is (status == "Succeeded")
    assert candidate.get("FailureReason") == members.get("FailureReason")


def test_a_value_that_is_no_number_is_no_objective(aws: Aws) -> None:
    bad, good = listed(aws, measured("t-1", float("nan")), measured("t-2", 0.1))
    assert bad["ObjectiveStatus"] == "Failed"
    assert best([bad, good]) == good


def test_the_earliest_of_equal_candidates_is_the_best(aws: Aws) -> None:
    trials = [measured("t-1", 0.6), measured("t-2", 0.8), measured("t-3", 0.8)]
    winner = best(listed(aws, *trials))
    assert winner
    assert winner["CandidateName"] == "t-2"


def test_the_smallest_error_is_the_best() -> None:
    errors = [{FINAL: {"Type": "Minimize", "Value": value}} for value in (3.0, 1.0, 2.0)]
    assert best(errors) == errors[1]
