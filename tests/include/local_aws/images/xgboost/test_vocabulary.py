"""The names of the algorithm's objectives and metrics."""

from __future__ import annotations

from include.local_aws.containers.image import XGBOOST_METRICS
from tests.include.local_aws.images.interpreter import Interpreter


def test_the_platform_scrapes_each_metric_that_the_image_prints(xgboost: Interpreter) -> None:
    code = "from vocabulary import MAXIMIZED, MINIMIZED\nanswer = sorted(MAXIMIZED | MINIMIZED)"
    assert xgboost.run(code) == sorted(XGBOOST_METRICS)


def test_no_metric_has_two_directions(xgboost: Interpreter) -> None:
    code = "from vocabulary import MAXIMIZED, MINIMIZED\nanswer = sorted(MAXIMIZED & MINIMIZED)"
    assert xgboost.run(code) == []


def test_xgboost_has_each_objective(xgboost: Interpreter) -> None:
    """An unknown name is reported as such; other complaints are about the rows."""
    code = """
import numpy as np, xgboost as xgb
from vocabulary import OBJECTIVES
rows = xgb.DMatrix(np.eye(2), label=[0, 1])
answer = []
for objective in [*OBJECTIVES, "reg:guess"]:
    try:
        xgb.train({"objective": objective, "verbosity": 0}, rows, 1)
    except xgb.core.XGBoostError as error:
        if "Unknown objective function" in str(error):
            answer.append(objective)
"""
    assert xgboost.run(code) == ["reg:guess"]
