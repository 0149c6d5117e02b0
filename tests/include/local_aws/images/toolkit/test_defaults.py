"""The default handlers of framework images, for models without user code."""

from __future__ import annotations

import json

import pytest

from tests.include.local_aws.images.interpreter import Interpreter


def test_the_environment_decides_on_the_handler(sklearn: Interpreter) -> None:
    code = "from defaults import default_handler\nanswer = type(default_handler()).__name__"
    assert sklearn.run(code) == "SklearnHandler"


@pytest.mark.parametrize(
    ("kind", "data"), [("text/csv", "1,2\n3,4"), ("application/json", "[[1, 2], [3, 4]]")]
)
def test_sklearn_reads_numbers_and_predicts(sklearn: Interpreter, kind: str, data: str) -> None:
    code = """
from defaults import SklearnHandler
class Sums:
    def predict(self, rows):
        return rows.sum(axis=1)
handler = SklearnHandler()
rows = handler.default_input_fn(data, kind)
answer = [str(rows.dtype), handler.default_predict_fn(rows, Sums()).tolist()]
"""
    assert sklearn.run(code, kind=kind, data=data) == ["float32", [3, 7]]


def test_tensorflow_takes_and_answers_the_form_of_its_server(sklearn: Interpreter) -> None:
    code = """
from defaults import TensorFlowHandler
handler = TensorFlowHandler()
inputs = [handler.default_input_fn(text, kind) for text, kind in given]
answer = [inputs, handler.default_output_fn([[0.5]], "application/json")]
"""
    given = [['{"instances": [[1]]}', "application/json"], ["[[1]]", "application/json"]]
    tables, written = sklearn.run(code, given=[*given, ["1,2\n3,4\n", "text/csv"]])
    assert tables == [[[1]], [[1]], [[1, 2], [3, 4]]]
    assert json.loads(written) == {"predictions": [[0.5]]}
