from __future__ import annotations

from typing import Any

import boto3

from include.jobs.tabular.tables import LABEL
from include.pipelines import params
from include.pipelines.churn import PIPELINE
from include.pipelines.training import automl
from include.pipelines.training.costs import bound
from include.pipelines.wine import PIPELINE as WINE
from tests.include.pipelines.params.forms import defaults

FORM = defaults(params.automl(PIPELINE))
TABLES: Any = {"train": "s3://b/tables/train", "validation": "s3://b/tables/validation"}
OUTPUT = "SAGEMAKER_INFERENCE_OUTPUT"


def container(name: str) -> dict[str, Any]:
    environment = {"SAGEMAKER_PROGRAM": name, OUTPUT: "predicted_label"}
    return {"Image": name, "ModelDataUrl": f"s3://b/{name}", "Environment": environment}


def test_the_request_asks_for_the_score_that_the_holdout_is_judged_by() -> None:
    request = automl.request(PIPELINE, FORM, TABLES, "s3://b/run")
    assert request["AutoMLJobObjective"] == {"MetricName": "AUC"}
    tabular = request["AutoMLProblemTypeConfig"]["TabularJobConfig"]
    assert (tabular["TargetAttributeName"], tabular["ProblemType"]) == (
        LABEL,
        "BinaryClassification",
    )
    assert tabular["CompletionCriteria"]["MaxAutoMLJobRuntimeInSeconds"] == 7200
    kinds = [channel["ChannelType"] for channel in request["AutoMLJobInputDataConfig"]]
    assert kinds == ["training", "validation"]
    several = automl.request(WINE, FORM, TABLES, "s3://b/run")
    assert several["AutoMLJobObjective"] == {"MetricName": "BalancedAccuracy"}


def test_every_metric_and_problem_type_is_one_of_the_api() -> None:
    model = boto3.client("sagemaker", "us-east-1").meta.service_model
    known = set(model.shape_for("AutoMLMetricEnum").enum)
    assert {name for part in automl.OBJECTIVES.values() for name in part.values()} <= known
    assert set(automl.PROBLEMS.values()) <= set(model.shape_for("ProblemType").enum)


def test_a_candidate_answers_all_probabilities_with_their_classes() -> None:
    three: Any = [container(name) for name in ("features", "algorithm", "labels")]
    best: Any = {"container": three[1], "containers": three}
    features, algorithm, labels = automl.model_of(best)
    assert features == three[0]
    assert algorithm["Environment"][OUTPUT] == "probabilities"
    assert labels["Environment"]["SAGEMAKER_INFERENCE_INPUT"] == "probabilities"
    assert labels["Environment"][OUTPUT] == "probabilities,labels"
    assert three[1]["Environment"][OUTPUT] == "predicted_label"
    assert automl.names_of(three) == ["model-1", "model-2", "model-3"]
    own: Any = {"container": three[0]}
    assert automl.model_of(own) == [three[0]]
    assert automl.names_of([three[0]]) == ["model"]


def test_a_run_costs_at_most_what_its_candidates_may_cost() -> None:
    budget = bound(PIPELINE, FORM)
    (training,) = (step for step in budget["steps"] if step["step"] == "training")
    assert training["jobs"] == automl.STEPS + FORM["max_candidates"]
    assert training["instance_type"] == "ml.m5.4xlarge"
