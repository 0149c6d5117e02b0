"""Candidates that their algorithm cannot train are refused when their pipeline is defined."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from include.pipelines.churn import PIPELINE
from include.pipelines.definition.candidate import Candidate
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.resources import Instances
from include.pipelines.errors import PipelineError

TREE, SCRIPT = PIPELINE.candidates[0], PIPELINE.candidates[2]


def pipeline_with(candidate: Candidate, **changes: Any) -> Pipeline:
    changed = dataclasses.replace(candidate, **changes)
    return dataclasses.replace(PIPELINE, candidates=(changed,), search=None)


WRONG: list[tuple[Candidate, dict[str, Any], str]] = [
    (SCRIPT, {"script": "no.py"}, "no.py does not exist; write the script"),
    (SCRIPT, {"image": "1.example/own:v1:v2"}, "is not repository:tag, without a registry"),
    (TREE, {"input_mode": "Stream"}, r"use one of \['File', 'FastFile', 'Pipe'\]"),
    (TREE, {"rules": ("NotFinite",)}, "'NotFinite' is no rule; use those of prodml.debugger"),
    (TREE, {"input_mode": "Pipe"}, "XGBoost 3 image reads files; use 'FastFile'"),
    (SCRIPT, {"input_mode": "Pipe"}, "a script reads files; use 'FastFile'"),
    (SCRIPT, {"resources": Instances(count=2)}, "scikit-learn trains on one; give it"),
    (SCRIPT, {"algorithm": "sklearn"}, "'sklearn', with a script; use 'scikit-learn', or an image"),
    (TREE, {"algorithm": "xgbost"}, "'xgbost', without a script and an image; use 'xgboost'"),
    (SCRIPT, {"metrics": {}}, r"'random-forest': it reports \[\], without 'validation:auc'; add"),
    (SCRIPT, {"metrics": {"validation:auc": "auc=("}}, r"auc=\(.* is no regular expression: miss"),
    (SCRIPT, {"metrics": {"validation:auc": "auc=.+;"}}, r"has no group; put the number in \(\)"),
    (TREE, {"hyperparameters": {"eval_metric": "error,logloss"}}, "without 'validation:auc'; use"),
]


@pytest.mark.parametrize(("candidate", "changes", "sentence"), WRONG)
def test_a_candidate_that_cannot_be_trained_is_refused(
    candidate: Candidate, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(PipelineError, match=sentence):
        pipeline_with(candidate, **changes)


def test_an_image_of_ones_own_may_read_pipes_on_several_instances() -> None:
    two, patterns = Instances(count=2), {PIPELINE.metric: r"auc=(\S+)"}
    own = Candidate("own", "x", {}, None, "own:v1", patterns, two, input_mode="Pipe")
    assert pipeline_with(own).training(own).count == 2
