"""Hyperparameters that are valid alone, and refused together."""

from __future__ import annotations

from typing import Any

import pytest

from tests.include.local_aws.images.interpreter import Interpreter

CHECK = "import dependencies\ndependencies.check(values)"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"objective": "multi:softmax", "num_class": 3},
        {"objective": "rank:ndcg", "eval_metric": ["auc"]},
        {"updater": ["refresh"], "process_type": "update"},
        {"updater": ["grow_histmaker", "prune"], "booster": "gbtree"},
        {"use_dask_gpu_training": "false"},
    ],
)
def test_compatible_values_are_accepted(xgboost: Interpreter, values: dict[str, Any]) -> None:
    xgboost.run(CHECK, values=values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"objective": "multi:softprob"}, "Require input for parameter 'num_class'"),
        ({"objective": "reg:linear", "eval_metric": ["auc"]}, "Metric 'auc' can only be applied"),
        ({"updater": ["refresh"], "booster": "gblinear"}, "Linear updater should be one of"),
        ({"updater": ["shotgun"]}, "Tree updater should be selected from: grow_colmaker"),
        ({"updater": ["distcol", "grow_colmaker"]}, "Only one tree grow plugin can be selected"),
    ],
)
def test_conflicting_values_are_refused_with_the_containers_message(
    xgboost: Interpreter, values: dict[str, Any], message: str
) -> None:
    assert xgboost.refused(CHECK, values=values).startswith(f"UserError: {message}")
