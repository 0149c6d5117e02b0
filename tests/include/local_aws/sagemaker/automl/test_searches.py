"""The algorithms of the candidates, and the ranges of their search."""

from __future__ import annotations

import re

import pytest

from include.local_aws.sagemaker.automl.objectives import METRICS, MULTICLASS, REGRESSION
from include.local_aws.sagemaker.automl.searches import (
    KNOWN,
    fixed,
    image_uri,
    metric_definitions,
    ranges,
)
from include.local_aws.sagemaker.automl.settings import ALGORITHMS

CODE = "s3://b/code.tar.gz"


def test_every_algorithm_of_a_job_can_be_searched() -> None:
    assert set(KNOWN) == set(ALGORITHMS)
    assert len({algorithm.short for algorithm in KNOWN.values()}) == len(KNOWN)


@pytest.mark.parametrize("name", ALGORITHMS)
def test_no_hyperparameter_is_both_searched_and_fixed(name: str) -> None:
    searched = [one["Name"] for part in ranges(KNOWN[name]).values() for one in part]
    assert len(searched) == len(set(searched))
    for problem in METRICS:
        assert not set(searched) & set(fixed(KNOWN[name], problem, 3, CODE))


@pytest.mark.parametrize("name", ALGORITHMS)
def test_a_range_goes_from_its_smaller_value_to_its_larger_one(name: str) -> None:
    given = ranges(KNOWN[name])
    for one in given["ContinuousParameterRanges"] + given["IntegerParameterRanges"]:
        assert float(one["MinValue"]) < float(one["MaxValue"])
        if one["ScalingType"] == "Logarithmic":
            assert float(one["MinValue"]) > 0


def test_xgboost_gets_the_number_of_classes_only_where_there_are_several() -> None:
    several = fixed(KNOWN["xgboost"], MULTICLASS, 3, CODE)
    assert (several["num_class"], several["objective"]) == ("3", "multi:softprob")
    numbers = fixed(KNOWN["xgboost"], REGRESSION, 0, CODE)
    assert "num_class" not in numbers
    assert numbers["eval_metric"] == "mse,rmse,mae,r2"


def test_a_script_is_given_its_archive_and_the_problem() -> None:
    given = fixed(KNOWN["mlp"], REGRESSION, 0, CODE)
    assert given["sagemaker_submit_directory"] == CODE
    assert (given["algorithm"], given["problem-type"]) == ("mlp", REGRESSION)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("xgboost", "[2026-01-01]#011[7]#011train-rmse:2.5#011validation-rmse:0.25"),
        ("mlp", "train:rmse=2.5; validation:rmse=0.25;"),
    ],
)
def test_the_metrics_are_read_from_the_lines_that_the_algorithm_prints(
    name: str, line: str
) -> None:
    patterns = {one["Name"]: one["Regex"] for one in metric_definitions(KNOWN[name], REGRESSION)}
    match = re.search(patterns["validation:rmse"], line)
    assert match
    assert match[1] == "0.25"


def test_an_image_lies_in_the_registry_of_the_region() -> None:
    assert image_uri("eu-west-1", "i:1") == "683313688378.dkr.ecr.eu-west-1.amazonaws.com/i:1"
