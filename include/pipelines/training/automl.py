"""Build the request of an AutoML job from a pipeline, and serve its best candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prodml.results import BestTrial, Container
from prodml.vocabulary import Json

from include.jobs.tabular.tables import DATA_SETS, LABEL
from include.pipelines.contracts.data import DataSets, Tables
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.resources import Instances
from include.pipelines.definition.scores import BINARY, MULTICLASS, REGRESSION
from include.pipelines.training.requests import CODE, INPUT, OUTPUT, processing

PROBLEMS = {
    BINARY: "BinaryClassification",
    MULTICLASS: "MulticlassClassification",
    REGRESSION: "Regression",
}
# By problem and score, AWS's metric; the first stands for the scores that AutoML does not have.
OBJECTIVES: dict[str, dict[str, str]] = {
    BINARY: {
        "auc": "AUC",
        "accuracy": "Accuracy",
        "precision": "Precision",
        "recall": "Recall",
        "f1": "F1",
    },
    MULTICLASS: {"balanced_accuracy": "BalancedAccuracy", "accuracy": "Accuracy"},
    REGRESSION: {"rmse": "RMSE", "mae": "MAE", "r2": "R2"},
}
CSV = "text/csv;header=present"
INSTANCES = Instances("ml.m5.4xlarge")  # of the candidates, in the notebooks that Autopilot writes
STEPS = 4  # jobs before the candidates: data processors, and the transforms of the data
SELECTED, PASSED = "SAGEMAKER_INFERENCE_OUTPUT", "SAGEMAKER_INFERENCE_INPUT"
PROBABILITIES, LABELS = "probabilities", "labels"
OF_CLASSES = 3  # containers of a candidate that answers classes


def tables(pipeline: Pipeline, data: DataSets, prefix: str) -> Json:
    """Return the arguments of the operator that gives the data sets a header."""
    inputs = {"train": f"{data['train']}/", "validation": f"{data['validation']}/"}
    request = processing(pipeline, inputs, {name: f"{prefix}/automl/{name}" for name in DATA_SETS})
    arguments = ["tabular.tables", "--input", INPUT, "--output", OUTPUT]
    return {**CODE, "arguments": arguments, "config": request}


def request(pipeline: Pipeline, params: Mapping[str, Any], tables: Tables, prefix: str) -> Json:
    """Return CreateAutoMLJobV2 on *tables*, the data sets with a header."""
    objectives = OBJECTIVES[pipeline.problem]
    usual = next(iter(objectives.values()))
    return {
        "AutoMLJobInputDataConfig": [
            _channel("training", tables["train"]),
            _channel("validation", tables["validation"]),
        ],
        "OutputDataConfig": {"S3OutputPath": f"{prefix}/automl"},
        "AutoMLProblemTypeConfig": {
            "TabularJobConfig": {
                "TargetAttributeName": LABEL,
                "ProblemType": PROBLEMS[pipeline.problem],
                "Mode": "HYPERPARAMETER_TUNING",
                "CandidateGenerationConfig": {
                    "AlgorithmsConfig": [{"AutoMLAlgorithms": list(params["algorithms"])}]
                },
                "CompletionCriteria": {
                    "MaxCandidates": params["max_candidates"],
                    "MaxRuntimePerTrainingJobInSeconds": pipeline.max_runtime,
                    "MaxAutoMLJobRuntimeInSeconds": params["max_seconds"],
                },
            }
        },
        "AutoMLJobObjective": {"MetricName": objectives.get(pipeline.judged_by, usual)},
    }


def model_of(best: BestTrial) -> list[Container]:
    """Return the containers of the best trial's model.

    Those of an AutoML candidate, which answers a class, answer all probabilities instead, with the
    classes that they are of.
    """
    served = best.get("containers")
    if not served:
        return [best["container"]]
    if len(served) < OF_CLASSES:
        return list(served)
    features, algorithm, classes = served
    return [
        features,
        _answering(algorithm, {SELECTED: PROBABILITIES}),
        _answering(classes, {PASSED: PROBABILITIES, SELECTED: f"{PROBABILITIES},{LABELS}"}),
    ]


def names_of(served: Sequence[Container]) -> list[str]:
    """Return a name for each container of a model: in a serial pipeline, all have one."""
    if len(served) == 1:
        return ["model"]
    return [f"model-{number}" for number in range(1, len(served) + 1)]


def _answering(container: Container, variables: Mapping[str, str]) -> Container:
    environment = {**container.get("Environment", {}), **variables}
    return Container(**{**container, "Environment": environment})


def _channel(kind: str, uri: str) -> Json:
    source = {"S3DataType": "S3Prefix", "S3Uri": f"{uri}/"}
    return {"ChannelType": kind, "ContentType": CSV, "DataSource": {"S3DataSource": source}}
