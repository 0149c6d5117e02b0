"""The built-in algorithm's model server, called without a socket."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.include.local_aws.images.interpreter import Interpreter

MODELS = """
import numpy as np, xgboost as xgb
from paths import MODEL
x = np.arange(40.0).reshape(-1, 1)
for old in MODEL.glob("xgboost-model*"):
    old.unlink()
for number in range(folds):
    label = (x[:, 0] > 20).astype(float)
    booster = xgb.train({"objective": objective}, xgb.DMatrix(x, label=label), 5)
    booster.save_model(MODEL / (f"xgboost-model-{number}.json" if folds > 1 else "xgboost-model"))
"""
ASK = """
import serve
server = serve.Server()
status, kind, body = server.invoke(payload.encode(), headers)
answer = [status, kind, body.decode()]
"""


@pytest.fixture(name="served", scope="module")
def _served(xgboost: Interpreter) -> Interpreter:
    xgboost.run(MODELS, folds=1, objective="binary:logistic")
    return xgboost


def ask(served: Interpreter, payload: str, **headers: str) -> Any:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return served.run(ASK, payload=payload, headers=given)


def test_csv_is_answered_by_one_line_a_row(served: Interpreter) -> None:
    status, kind, body = ask(served, "1\n39\n", content_type="text/csv; charset=utf-8")
    assert (status, kind) == (200, "text/csv; charset=utf-8")
    low, high = map(float, body.splitlines())
    assert low < 0.5 < high


def test_json_is_answered_where_it_is_accepted(served: Interpreter) -> None:
    status, _, body = ask(served, "1\n39\n", content_type="text/csv", accept="application/json")
    low, high = (row["score"] for row in json.loads(body)["predictions"])
    assert (status, low < 0.5 < high) == (200, True)


@pytest.mark.parametrize(
    ("payload", "headers", "status", "message"),
    [
        ("", {}, 204, ""),
        ("1", {"content_type": "image/png"}, 415, "image/png is not an accepted ContentType"),
        ("1,2\nx,3", {"content_type": "text/csv"}, 415, "Loading csv data failed"),
        ("1", {"accept": "image/png"}, 406, "Please use text/csv or application/json."),
        ("0 x:1", {"content_type": "text/libsvm"}, 400, "Unable to evaluate payload provided"),
    ],
)
def test_invalid_requests_are_answered_with_the_reason(
    served: Interpreter, payload: str, headers: dict[str, str], status: int, message: str
) -> None:
    code, _, body = ask(served, payload, **headers)
    assert code == status
    assert message in body


def test_models_of_folds_vote_where_they_answer_classes(xgboost: Interpreter) -> None:
    code = """
import numpy as np
from serve import _most_frequent
answer = _most_frequent(np.array([[0, 2], [1, 1], [1, 2]])).tolist()
"""
    assert xgboost.run(code) == [1, 2]


def test_execution_parameters_are_the_containers(xgboost: Interpreter) -> None:
    code = "import json, serve\nanswer = json.loads(serve._parameters()[2])"
    parameters = xgboost.run(code)
    assert (parameters["BatchStrategy"], parameters["MaxPayloadInMB"]) == ("MULTI_RECORD", 6)


def test_a_folder_without_a_model_is_named(xgboost: Interpreter) -> None:
    xgboost.run(MODELS, folds=0, objective="")
    error = xgboost.refused("import serve\nserve.Server()")
    assert error == "FileNotFoundError: model.tar.gz has no xgboost-model"
    xgboost.run(MODELS, folds=1, objective="binary:logistic")
