"""Selectable inference."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.include.local_aws.images.interpreter import Interpreter
from tests.include.local_aws.images.xgboost.served import BINARY, JSON, LINES, MODELS, ask


@pytest.fixture(name="served", scope="module")
def _served(xgboost: Interpreter) -> Interpreter:
    xgboost.run(MODELS, models=BINARY)
    return xgboost


@pytest.mark.parametrize(
    ("accept", "answer"),
    [
        ("text/csv", r'1,"\[0.\d+, 0.\d+\]",nan'),
        (JSON, r'\{"predictions": \[\{"predicted_label": 1, "probabilities": \[.*\], .*NaN\}\]\}'),
        (LINES, r'\{"predicted_label": 1, "probabilities": \[.*\], "predicted_score": NaN\}\n'),
    ],
)
def test_content_of_the_answer_can_be_selected(
    served: Interpreter, accept: str, answer: str
) -> None:
    wanted = {"SAGEMAKER_INFERENCE_OUTPUT": "predicted_label, probabilities,predicted_score"}
    status, kind, body = ask(served, "39,1", wanted, accept=accept)
    assert (status, kind.partition(";")[0]) == (200, accept)
    assert re.fullmatch(answer, body), body


def test_members_have_the_order_of_the_container(served: Interpreter) -> None:
    wanted = {"SAGEMAKER_INFERENCE_OUTPUT": "probability,labels,predicted_label"}
    _, _, body = ask(served, "39,1", wanted, accept=LINES)
    assert list(json.loads(body)) == ["predicted_label", "labels", "probability"]


SELECT = """
import numpy as np
from selection import selected
(answer,) = selected(np.array([prediction]), keys, objective, 3)
"""
SCORES = ["predicted_label", "labels", "raw_score", "raw_scores"]
ALL = [*SCORES, "probability", "probabilities"]


@pytest.mark.parametrize(
    ("objective", "prediction", "keys", "content"),
    [
        ("reg:squarederror", 3.5, ["predicted_score"], [3.5]),
        ("binary:logistic", 0.75, ALL, [1, [0, 1], 0.75, [0.25, 0.75], 0.75, [0.25, 0.75]]),
        ("binary:logitraw", -2.0, SCORES, [0, [0, 1], -2.0, [3.0, -2.0]]),
        ("binary:hinge", 1.0, SCORES, [1.0, [0, 1], 1.0, [0.0, 1.0]]),
        ("multi:softmax", 2.0, SCORES, [2.0, [0, 1, 2], 2.0, [-1.0, 2.0]]),
        (
            "multi:softprob",
            [0.25, 0.5, 0.25],
            ALL,
            [1, [0, 1, 2], 0.5, [0.25, 0.5, 0.25], 0.5, [0.25, 0.5, 0.25]],
        ),
    ],
)
def test_each_objective_has_content_of_its_own(
    xgboost: Interpreter, objective: str, prediction: Any, keys: list[str], content: list[Any]
) -> None:
    given = xgboost.run(SELECT, prediction=prediction, keys=keys, objective=objective)
    assert list(given.values()) == content


def test_an_objective_without_content_is_refused(xgboost: Interpreter) -> None:
    wanted = {"prediction": 1.0, "keys": ["predicted_score"], "objective": "count:poisson"}
    assert "`count:poisson` unsupported for selectable" in xgboost.refused(SELECT, **wanted)
