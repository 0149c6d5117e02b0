from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from include.jobs.evaluation.scores import Costs
from include.jobs.tabular.schema import Schema, SchemaError
from include.pipelines.churn import PIPELINE
from include.pipelines.definition.search_space import Search
from include.pipelines.errors import PipelineError

NUMBER = Schema(key="id", label="price", numbers=("size",))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": "Churn Model"}, "cannot be called 'Churn Model': use up to"),
    ({"direction": "up"}, r"direction is 'up'; use one of .*Maximize"),
    ({"direction": "Minimize"}, r"a higher validation:auc is better\. Choose Maximize\."),
    ({"candidates": ()}, "define at least one"),
    ({"candidates": PIPELINE.candidates[:1] * 2}, "with unique names"),
    ({"search": Search("tree", {}, {})}, "it searches 'tree', but its candidates are"),
    ({"judged_by": "rmse"}, r"'rmse' is not a score of a binary model; use .*auc"),
    ({"confidence": 1.0}, "confidence is 1.0; give a share such as 0.95"),
    ({"confidence": 0}, "confidence is 0; give a share"),
    ({"costs": Costs(1, 0)}, r"costs are \(1, 0\), and its labels make it a binary model; give"),
    ({"segments": ("customer_id",)}, "segment 'customer_id' is not a flag or category"),
    ({"min_gain": -0.1}, "min_gain is -0.1; give 0 or more, in units of judged_by"),
    ({"metric": "validation:acu"}, "'xgboost-shallow': its eval_metric 'auc' reports"),
    ({"guards": {"beauty": 0.1}}, "'beauty' is not a score of a binary model"),
    ({"schema": NUMBER, "costs": None}, "'auc' is not a score of a regression model"),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG)
def test_a_pipeline_that_cannot_work_is_refused_at_import(
    change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(PipelineError, match=sentence):
        dataclasses.replace(PIPELINE, **change)


def test_a_search_needs_a_space() -> None:
    with pytest.raises(PipelineError, match=r"no search space; set search=Search\(\.\.\.\)"):
        _ = dataclasses.replace(PIPELINE, search=None).searched


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"numbers": ("size", "size")}, "'size' is in the schema twice"),
        ({}, "no column to learn from"),
        ({"numbers": ("size",), "labels": {"a": 1, "b": 2}}, "Number the classes 0, 1"),
    ],
)
def test_a_schema_that_contradicts_itself_is_refused(
    columns: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SchemaError, match=sentence):
        Schema(key="id", label="price", **columns)
