"""The request of a search to SageMaker, by strategy."""

from __future__ import annotations

from typing import Any

from include.pipelines import params
from include.pipelines.churn import PIPELINE
from include.pipelines.training.requests import training
from include.pipelines.training.search import request
from tests.include.pipelines.params.forms import filled

DATA: Any = {"train": "s3://b/train", "validation": "s3://b/validation"}
SEARCH, CANDIDATE = PIPELINE.searched


def asked(**form: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The tuning job's configuration and its static hyperparameters."""
    values = filled(params.tune(PIPELINE), **form)
    result = request(SEARCH, values, training(PIPELINE, CANDIDATE, "s3://b/run", DATA))
    static = result["TrainingJobDefinition"]["StaticHyperParameters"]
    return result["HyperParameterTuningJobConfig"], static


def test_numbers_are_searched_between_their_bounds() -> None:
    config, static = asked(max_jobs=3, max_parallel=5, early_stopping=False)
    assert config["Strategy"] == "Bayesian"
    limits = {"MaxParallelTrainingJobs": 3, "MaxNumberOfTrainingJobs": 3}
    assert config["ResourceLimits"] == limits
    assert config["TrainingJobEarlyStoppingType"] == "Off"
    ranges = config["ParameterRanges"]
    (depth,) = ranges["IntegerParameterRanges"]
    assert depth == {"Name": "max_depth", "MinValue": "2", "MaxValue": "9"}
    continuous = [each["Name"] for each in ranges["ContinuousParameterRanges"]]
    assert continuous == ["min_child_weight", "eta", "subsample"]
    assert static == {k: v for k, v in CANDIDATE.hyperparameters.items() if k not in SEARCH.ranges}


def test_a_grid_is_tried_whole() -> None:
    config, static = asked(strategy="Grid", max_jobs=1)
    assert config["ResourceLimits"] == {"MaxParallelTrainingJobs": 2}
    choices = config["ParameterRanges"]["CategoricalParameterRanges"]
    assert choices[1] == {"Name": "eta", "Values": ["0.05", "0.1"]}
    assert not {"eta", "max_depth"} & static.keys()


def test_the_form_says_what_is_best() -> None:
    config, _ = asked(metric="train:auc", direction="Minimize")
    objective = {"Type": "Minimize", "MetricName": "train:auc"}
    assert config["HyperParameterTuningJobObjective"] == objective
