"""One run of boosting: XGBoost's settings, and the output of a round."""

from __future__ import annotations

import pytest

from tests.include.local_aws.images.interpreter import Interpreter

ROWS = """
import numpy as np, xgboost as xgb
from boosting import Boosting
x = np.arange(40.0).reshape(-1, 1)
matrix = xgb.DMatrix(x, label=(x[:, 0] > 20).astype(float))
"""


def test_a_round_prints_one_line_that_the_platform_can_read(xgboost: Interpreter) -> None:
    code = """
given = {"objective": "binary:logistic", "num_round": 2, "eval_metric": ["logloss", "accuracy"]}
_, history = Boosting(given, {"train": matrix}, reports=True).run(matrix)
answer = {name: len(values) for name, values in history["train"].items()}
"""
    assert xgboost.run(ROWS + code) == {"logloss": 2, "accuracy": 2}
    first, second = xgboost.printed.splitlines()
    assert first.startswith("[0]\ttrain-logloss:0.")
    assert second.startswith("[1]\ttrain-logloss:0.")
    assert second.endswith("train-accuracy:1.00000")


def test_an_instance_that_does_not_report_prints_nothing(xgboost: Interpreter) -> None:
    code = 'Boosting({"num_round": 1}, {"train": matrix}, reports=False).run(matrix)'
    xgboost.run(ROWS + code)
    assert xgboost.printed == ""


@pytest.mark.parametrize(
    ("given", "settings"),
    [
        ({"num_round": 3, "eta": 0.1}, {"eta": 0.1}),
        ({"updater": ["grow_colmaker", "prune"]}, {"updater": "grow_colmaker,prune"}),
        ({"eval_metric": ["auc", "f1"]}, {"eval_metric": ["auc"]}),
        ({"eval_metric": ["f1"]}, {"disable_default_eval_metric": 1}),
        ({"interaction_constraints": [[1, 2]]}, {"interaction_constraints": "[[1, 2]]"}),
    ],
)
def test_settings_are_in_xgboosts_form(
    xgboost: Interpreter, given: dict[str, object], settings: dict[str, object]
) -> None:
    code = "from boosting import Boosting\nanswer = Boosting(given, {}, True)._settings()"
    assert xgboost.run(code, given=given) == settings | {"nthread": 1}


def test_a_label_that_cannot_be_is_the_users_error(xgboost: Interpreter) -> None:
    code = """
bad = xgb.DMatrix(x, label=x[:, 0])
given = {"objective": "binary:logistic", "num_round": 1, "base_score": 0.5}
Boosting(given, {"train": bad}, False).run(bad)
"""
    error = xgboost.refused(ROWS + code)
    assert error.startswith("UserError: ")
    assert "label must be in [0,1]" in error
