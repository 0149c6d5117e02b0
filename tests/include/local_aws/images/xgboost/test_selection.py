"""Selectable inference."""

from __future__ import annotations

import json
import re

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
