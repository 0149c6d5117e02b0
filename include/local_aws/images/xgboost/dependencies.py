"""Hyperparameters that depend on each other, with the container's messages."""

from __future__ import annotations

from typing import Any

from errors import UserError

Values = dict[str, Any]
BUILDERS = ("grow_colmaker", "distcol", "grow_histmaker", "grow_local_histmaker")
QUANTILES = "grow_quantile_histmaker"
TREE = (*BUILDERS, "grow_skmaker", "sync", "refresh", "prune", QUANTILES)
LINEAR = ("shotgun", "coord_descent")
UPDATERS = [*BUILDERS, "grow_skmaker", "sync", "refresh", "prune", *LINEAR, QUANTILES]


def check(values: Values) -> None:
    """Raise UserError for the first rule that *values* break together."""
    _objective(values)
    _metric(values)
    _constraints(values)
    gpus = "Dask training needs GPU instances. Leave use_dask_gpu_training out."
    _only(values.get("use_dask_gpu_training") != "true", gpus)
    if "updater" in values:
        _updater(values)


def _objective(values: Values) -> None:
    objective, classes = values.get("objective", ""), values.get("num_class")
    if objective.startswith("multi:") and classes is None:
        raise UserError("Require input for parameter 'num_class' for multi-classification")


def _metric(values: Values) -> None:
    objective, metrics = values.get("objective", ""), values.get("eval_metric", [])
    if "auc" in metrics and objective and not objective.startswith(("binary:", "rank:")):
        raise UserError("Metric 'auc' can only be applied for classification and ranking problems.")
    if "aft-nloglik" in metrics and objective != "survival:aft":
        raise UserError("Metric 'aft-nloglik' can only be applied for 'survival:aft' objective.")


def _constraints(values: Values) -> None:
    method = values.get("tree_method")
    if "monotone_constraints" in values and method not in ("exact", "hist"):
        raise UserError(
            "monotone_constraints can be used only when the tree_method parameter is set to "
            "either 'exact' or 'hist'."
        )
    if "interaction_constraints" in values and method not in ("exact", "hist", "approx"):
        raise UserError(
            "interaction_constraints can be used only when the tree_method parameter is set to "
            "either 'exact', 'hist' or 'approx'."
        )


def _updater(values: Values) -> None:
    chosen = values["updater"]
    if values.get("booster") == "gblinear":
        _only(len(chosen) == 1 and chosen[0] in LINEAR, f"Linear updater should be one of {LINEAR}")
    elif values.get("process_type") == "update":
        message = "process_type 'update' can only be used with updater 'refresh' and 'prune'"
        _only(set(chosen) <= {"refresh", "prune"}, message)
    else:
        _only(set(chosen) <= set(TREE), f"Tree updater should be selected from: {', '.join(TREE)}")
        builders = [name for name in chosen if name in (*BUILDERS, QUANTILES)]
        _only(len(builders) <= 1, f"Only one tree grow plugin can be selected, not {builders}")


def _only(holds: bool, message: str) -> None:
    if not holds:
        raise UserError(message)
