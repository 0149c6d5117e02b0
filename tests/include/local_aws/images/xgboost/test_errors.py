"""The attribution of XGBoost's failures to the caller or the algorithm."""

from __future__ import annotations

from tests.include.local_aws.images.interpreter import Interpreter

CODE = "from errors import of_training\nerror = of_training(ValueError(text))\n"
ANSWER = "answer = [type(error).__name__, str(error)]"


def test_bad_data_is_the_users_error(xgboost: Interpreter) -> None:
    text = "[12:00:00] Check failed: label must be in [0, num_class)."
    assert xgboost.run(CODE + ANSWER, text=text) == ["UserError", text]


def test_anything_else_is_the_algorithms(xgboost: Interpreter) -> None:
    kind, text = xgboost.run(CODE + ANSWER, text="out of memory")
    assert kind == "RuntimeError"
    assert text == "XGB train call failed with exception:\n out of memory"
