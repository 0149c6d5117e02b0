"""Answers in RecordIO-protobuf, read with the protobuf library by the published schema."""

from __future__ import annotations

from typing import Any

import pytest

from tests.include.local_aws.images.interpreter import Interpreter
from tests.include.local_aws.images.xgboost.records import labels
from tests.include.local_aws.images.xgboost.served import BINARY, MODELS, RECORDIO, ask

ENCODE = """
from recordio_answers import encoded
answer = encoded(predictions).decode("latin-1")
"""


@pytest.fixture(name="served", scope="module")
def _served(xgboost: Interpreter) -> Interpreter:
    xgboost.run(MODELS, models=BINARY)
    return xgboost


def test_answers_may_be_records_of_protobuf(served: Interpreter) -> None:
    wanted = {"SAGEMAKER_INFERENCE_OUTPUT": "labels,predicted_label,probabilities"}
    status, kind, body = ask(served, "1,1\n39,1", wanted, accept=RECORDIO)
    assert (status, kind) == (200, RECORDIO)
    low, high = labels(body.encode("latin-1"))
    assert low["labels"] == [0, 1]
    assert (low["predicted_label"], high["predicted_label"]) == ([0], [1])
    assert sum(high["probabilities"]) == pytest.approx(1)


@pytest.mark.parametrize(
    "predictions",
    [
        [],
        [{"score": 0.5}],
        [{"score": 1}, {"labels": [0, 1, 2], "a long name": [0.25] * 100}],
    ],
    ids=["no row", "number", "lists"],
)
def test_each_prediction_has_a_frame_of_its_own(
    xgboost: Interpreter, predictions: list[dict[str, Any]]
) -> None:
    """A hundred numbers take more than 127 bytes, whose length has two bytes."""
    body = xgboost.run(ENCODE, predictions=predictions).encode("latin-1")
    assert len(body) % 4 == 0
    assert labels(body) == [
        {key: value if isinstance(value, list) else [value] for key, value in prediction.items()}
        for prediction in predictions
    ]
