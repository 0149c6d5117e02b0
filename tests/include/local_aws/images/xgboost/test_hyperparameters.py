"""The built-in algorithm's hyperparameters, with the container's messages.

A separate process imports the image's modules from their folder, as in the image.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import pytest

from include.local_aws.containers.image import FOLDER

JUDGE = """
import json, sys
from errors import UserError
from hyperparameters import validated

def judged(given):
    try:
        return validated(given) and None
    except UserError as error:
        return str(error)

json.dump([judged(given) for given in json.load(sys.stdin)], sys.stdout)
"""
REFUSED = {
    "eta=3": "Hyperparameter eta: 3.0 is not in [0, 1]",
    "learning_rate=3": "Hyperparameter eta: 3.0 is not in [0, 1]",
    "subsample=0": "Hyperparameter subsample: 0.0 is not in (0, 1]",
    "max_depth=2.5": "Hyperparameter max_depth: could not parse value",
    "num_round=0": "Hyperparameter num_round: 0 is not in [1, +inf)",
    "seed=2147483648": "Hyperparameter seed: 2147483648 is not in (-2147483648, 2147483647)",
    "booster=tree": "Hyperparameter booster: tree is not in ['gbtree', 'gblinear', 'dart']",
    "depth=3": "Extraneous hyperparameter found: depth",
    "objective=multi:softmax": "Require input for parameter 'num_class' for multi-classification",
    "eval_metric=auc,guess": "Hyperparameter eval_metric: value ['auc', 'guess'] not in range",
    "eval_metric=rmse@2": "Metric 'rmse@2' is not supported.",
    "eval_metric=error@x": "Threshold value 't' in 'error@t' expects float input.",
    "eval_metric=auc objective=reg:gamma": "Metric 'auc' can only be applied for classification",
    "eval_metric=aft-nloglik": "Metric 'aft-nloglik' can only be applied for 'survival:aft'",
    "monotone_constraints=(1,2)": "Hyperparameter monotone_constraints: value (1, 2) not in range",
    "monotone_constraints=(1,0)": "monotone_constraints can be used only when the tree_method",
    "monotone_constraints=1+1": "Hyperparameter monotone_constraints: could not parse value",
    "interaction_constraints=[[0]]": "Hyperparameter interaction_constraints: value [[0]] not in",
    "interaction_constraints=[[1,2]] tree_method=auto": "interaction_constraints can be used only",
    "updater=prune,magic": "Hyperparameter updater: value ['prune', 'magic'] not in range",
    "updater=sync,prune process_type=update": "process_type 'update' can only be used",
    "updater=prune booster=gblinear": "Linear updater should be one of",
    "updater=grow_colmaker,grow_histmaker": "Only one tree grow plugin can be selected",
    "use_dask_gpu_training=true": "Dask training needs GPU instances.",
    "_kfold=1": "Hyperparameter _kfold: 1 is not in [2, +inf)",
    "_tuning_objective_metric=auc": "Hyperparameter _tuning_objective_metric: auc is not in",
}
TAKEN = (
    "eval_metric=error@0.7,map@3,logloss",
    "monotone_constraints=(1,-1) tree_method=hist",
    "interaction_constraints=[[1,2],[3]] tree_method=exact",
    "updater=coord_descent booster=gblinear",
    "updater=grow_quantile_histmaker,prune",
    "_kfold=5 _num_cv_round=2 _tuning_objective_metric=validation:f1",
    "objective=survival:aft eval_metric=aft-nloglik aft_loss_distribution=extreme",
    "reg_alpha=0.5 min_split_loss=2 predictor=auto dsplit=row sampling_method=uniform",
)


@cache
def answers() -> dict[str, str | None]:
    """Return the image's message for each line above, from one process."""
    lines = [*REFUSED, *TAKEN]
    given = [
        {"num_round": "5"} | dict(word.split("=", 1) for word in line.split()) for line in lines
    ]
    command = [sys.executable, "-c", JUDGE]
    folder = FOLDER / "xgboost"
    process = subprocess.run(
        command, input=json.dumps(given), cwd=folder, capture_output=True, text=True, check=True
    )
    return dict(zip(lines, json.loads(process.stdout), strict=True))


@pytest.mark.parametrize("line", REFUSED)
def test_bad_values_are_named(line: str) -> None:
    assert str(answers()[line]).startswith(REFUSED[line])


@pytest.mark.parametrize("line", TAKEN)
def test_valid_values_are_accepted(line: str) -> None:
    assert answers()[line] is None
