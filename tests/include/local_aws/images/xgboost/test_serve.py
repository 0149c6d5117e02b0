"""The built-in algorithm's model server, called without a socket."""

from __future__ import annotations

import json

import pytest

from tests.include.local_aws.images.interpreter import Interpreter
from tests.include.local_aws.images.xgboost.served import (
    BINARY,
    CLASSES,
    JSON,
    LINES,
    MODELS,
    RECORDIO,
    ask,
)


@pytest.fixture(name="served", scope="module")
def _served(xgboost: Interpreter) -> Interpreter:
    xgboost.run(MODELS, models=BINARY)
    return xgboost


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv_is_answered_by_one_line_a_row(served: Interpreter, mark: str) -> None:
    payload = f"1{mark}1\n39{mark}1\n"
    status, kind, body = ask(served, payload, content_type="text/csv; charset=utf-8")
    assert (status, kind) == (200, "text/csv; charset=utf-8")
    low, high = map(float, body.splitlines())
    assert low < 0.5 < high


def test_json_is_answered_where_it_is_accepted(served: Interpreter) -> None:
    status, _, body = ask(served, "1,1\n39,1\n", content_type="text/csv", accept=JSON)
    low, high = (row["score"] for row in json.loads(body)["predictions"])
    assert (status, low < 0.5 < high) == (200, True)


@pytest.mark.parametrize(
    ("payload", "headers", "status", "message"),
    [
        ("", {}, 204, ""),
        ("1,1", {"content_type": "image/png"}, 415, "image/png is not an accepted ContentType"),
        ("1,1", {"content_type": "text/csv;label_size=2"}, 415, "label_size must be equal to 1"),
        ("1,2\nx,3", {"content_type": "text/csv"}, 415, "Loading csv data failed"),
        ("1,2\n3", {"content_type": "text/csv"}, 415, "Loading csv data failed"),
        ("0 x:1", {"content_type": "text/libsvm"}, 415, "Loading libsvm data failed"),
        ("1,2", {"content_type": "text/libsvm"}, 415, "Loading libsvm data failed"),
        ("0:1 1:2", {"content_type": "text/csv"}, 415, "Loading csv data failed"),
        ("1,2,3", {}, 400, "Unable to evaluate payload provided"),
        ("1,1", {"accept": "image/png"}, 406, "Accept type image/png is not supported."),
        ("1,1", {"accept": LINES}, 500, "SAGEMAKER_INFERENCE_OUTPUT"),
        ("1,1", {"accept": RECORDIO}, 500, "SAGEMAKER_INFERENCE_OUTPUT"),
    ],
)
def test_invalid_requests_are_answered_with_the_reason(
    served: Interpreter, payload: str, headers: dict[str, str], status: int, message: str
) -> None:
    code, _, body = ask(served, payload, **headers)
    assert code == status
    assert message in body


def test_the_default_accept_is_a_variable(served: Interpreter) -> None:
    chosen = {"SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT": JSON}
    assert ask(served, "1,1", chosen, accept="*/*")[1] == JSON


def test_batch_answers_of_classes_are_lists(xgboost: Interpreter) -> None:
    xgboost.run(MODELS, models=CLASSES)
    _, _, row = ask(xgboost, "39,1")
    _, _, line = ask(xgboost, "39,1", {"SAGEMAKER_BATCH": "true"})
    assert json.loads(line) == pytest.approx(list(map(float, row.split(","))))
    assert len(json.loads(line)) == 3


SEVERAL = {"SAGEMAKER_MULTI_MODEL": "1"}


def test_one_of_several_models_answers_in_the_form_of_its_own_server(xgboost: Interpreter) -> None:
    xgboost.run(MODELS, models=BINARY)
    alone = [float(line) for line in ask(xgboost, "1,1\n39,1")[2].splitlines()]
    status, kind, body = ask(xgboost, "1,1\n39,1", SEVERAL)
    assert (status, kind, json.loads(body)) == (200, JSON, alone)
    status, kind, body = ask(xgboost, "1,1\n39,1", SEVERAL, accept="text/csv")
    assert (status, kind) == (200, "text/csv")
    assert [float(cell) for cell in body.split(",")] == alone
    status, _, body = ask(xgboost, "1,1", SEVERAL, accept=LINES)
    assert status == 415
    assert body.startswith(f"Encoding to accept type {LINES} failed with exception: ")


def test_execution_parameters_are_the_containers(xgboost: Interpreter) -> None:
    code = "import json, serve\nanswer = json.loads(serve._parameters()[2])"
    parameters = xgboost.run(code)
    assert (parameters["BatchStrategy"], parameters["MaxPayloadInMB"]) == ("MULTI_RECORD", 6)
