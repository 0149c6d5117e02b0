"""The algorithm's hyperparameters: names, types and ranges, with the container's messages."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import dependencies
from errors import UserError
from vocabulary import MAXIMIZED, MINIMIZED, OBJECTIVES

METRICS = sorted(MAXIMIZED | MINIMIZED)
AT = ("error", "ndcg", "map")  # metrics with an optional threshold, @t


@dataclass(frozen=True)
class Number:
    """A number in an interval; its text is that of the container's messages."""

    low: float | None
    high: float | None
    closed: str = "[]"
    kind: type = float

    def __call__(self, name: str, text: str) -> Any:
        try:
            value = self.kind(text)
        except ValueError:
            raise _unparsed(name) from None
        if not (self._above(value) and self._below(value)):
            raise UserError(f"Hyperparameter {name}: {value} is not in {self}")
        return value

    def _above(self, value: float) -> bool:
        if self.low is None:
            return True
        return value >= self.low if self.closed[0] == "[" else value > self.low

    def _below(self, value: float) -> bool:
        if self.high is None:
            return True
        return value <= self.high if self.closed[1] == "]" else value < self.high

    def __str__(self) -> str:
        low = "(-inf" if self.low is None else f"{self.closed[0]}{self.low}"
        high = "+inf)" if self.high is None else f"{self.high}{self.closed[1]}"
        return f"{low}, {high}"


def _unparsed(name: str) -> UserError:
    return UserError(f"Hyperparameter {name}: could not parse value")


def _one_of(*choices: str) -> Callable[[str, str], str]:
    def check(name: str, text: str) -> str:
        if text not in choices:
            raise UserError(f"Hyperparameter {name}: {text} is not in {list(choices)}")
        return text

    return check


def _monotone(name: str, text: str) -> Any:
    values = _literal(name, text)
    if not isinstance(values, tuple):
        raise _unparsed(name)
    return _all_in(name, values, values, [-1, 0, 1])


def _interaction(name: str, text: str) -> Any:
    groups = _literal(name, text)
    if not (isinstance(groups, list) and all(isinstance(group, list) for group in groups)):
        raise _unparsed(name)
    for column in (column for group in groups for column in group):
        if not isinstance(column, int) or column < 1:
            raise UserError(f"Hyperparameter {name}: value {groups} not in range [1, +inf)")
    return groups


def _literal(name: str, text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        raise _unparsed(name) from None


def _all_in(name: str, value: Any, members: Any, choices: list[Any]) -> Any:
    if any(member not in choices for member in members):
        raise UserError(f"Hyperparameter {name}: value {value} not in range {choices}")
    return value


def _updaters(name: str, text: str) -> list[str]:
    words = text.split(",")
    return list(_all_in(name, words, words, dependencies.UPDATERS))


def _metrics(name: str, text: str) -> list[str]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    plain = [word for word in words if "@" not in word]
    for word in (word for word in words if "@" in word):
        _threshold(word)
    _all_in(name, words, plain, METRICS)
    return words


def _threshold(metric: str) -> None:
    name, _, threshold = (part.strip() for part in metric.partition("@"))
    if name not in AT:
        raise UserError(
            f"Metric '{metric}' is not supported. Parameter 'eval_metric' with customized "
            "threshold should be one of these options: 'error', 'ndcg', 'map'."
        )
    try:
        float(threshold)
    except ValueError:
        raise UserError(f"Threshold value 't' in '{name}@t' expects float input.") from None


NATURAL = Number(0, None, kind=int)
POSITIVE_INTEGER = Number(1, None, kind=int)
NON_NEGATIVE = Number(0, None)
POSITIVE = Number(0, None, "(]")
FRACTION = Number(0, 1)
SHARE = Number(0, 1, "(]")
FLAG = Number(0, 1, kind=int)
BOOLEAN = _one_of("true", "false")

SPECIFICATION: dict[str, Callable[[str, str], Any]] = {
    "num_round": POSITIVE_INTEGER,
    "csv_weights": FLAG,
    "early_stopping_rounds": POSITIVE_INTEGER,
    "booster": _one_of("gbtree", "gblinear", "dart"),
    "verbosity": Number(0, 3, kind=int),
    "nthread": POSITIVE_INTEGER,
    "eta": FRACTION,
    "gamma": NON_NEGATIVE,
    "max_depth": NATURAL,
    "min_child_weight": NON_NEGATIVE,
    "max_delta_step": NON_NEGATIVE,
    "subsample": SHARE,
    "colsample_bytree": SHARE,
    "colsample_bylevel": SHARE,
    "colsample_bynode": SHARE,
    "lambda": NON_NEGATIVE,
    "alpha": NON_NEGATIVE,
    "tree_method": _one_of("auto", "exact", "approx", "hist", "gpu_hist"),
    "sketch_eps": Number(0, 1, "()"),
    "scale_pos_weight": POSITIVE,
    "updater": _updaters,
    "dsplit": _one_of("row", "col"),
    "refresh_leaf": FLAG,
    "process_type": _one_of("default", "update"),
    "grow_policy": _one_of("depthwise", "lossguide"),
    "max_leaves": NATURAL,
    "max_bin": NATURAL,
    "predictor": _one_of("auto", "cpu_predictor", "gpu_predictor"),
    "monotone_constraints": _monotone,
    "interaction_constraints": _interaction,
    "sample_type": _one_of("uniform", "weighted"),
    "normalize_type": _one_of("tree", "forest"),
    "rate_drop": FRACTION,
    "one_drop": FLAG,
    "skip_drop": FRACTION,
    "lambda_bias": FRACTION,
    "tweedie_variance_power": Number(1, 2, "()"),
    "objective": _one_of(*OBJECTIVES),
    "num_class": Number(2, None, kind=int),
    "base_score": NON_NEGATIVE,
    "eval_metric": _metrics,
    "seed": Number(-(2**31), 2**31 - 1, "()", int),
    "num_parallel_tree": POSITIVE_INTEGER,
    "save_model_on_termination": BOOLEAN,
    "aft_loss_distribution": _one_of("normal", "logistic", "extreme"),
    "aft_loss_distribution_scale": POSITIVE,
    "deterministic_histogram": BOOLEAN,
    "sampling_method": _one_of("uniform", "gradient_based"),
    "prob_buffer_row": POSITIVE,
    "use_dask_gpu_training": BOOLEAN,
    "_kfold": Number(2, None, kind=int),
    "_num_cv_round": POSITIVE_INTEGER,
    "_tuning_objective_metric": _one_of(
        *(f"{part}:{metric}" for part in ("train", "validation") for metric in METRICS)
    ),
}
ALIASES = {
    "learning_rate": "eta",
    "min_split_loss": "gamma",
    "reg_lambda": "lambda",
    "reg_alpha": "alpha",
}


def validated(given: dict[str, str]) -> dict[str, Any]:
    """Return typed values by their canonical names; raise UserError as the container does."""
    named = {ALIASES.get(name, name): value for name, value in given.items()}
    if "num_round" not in named:
        raise UserError("Missing required hyperparameter: num_round")
    if extra := sorted(set(named) - set(SPECIFICATION)):
        raise UserError(f"Extraneous hyperparameter found: {', '.join(extra)}")
    values = {name: SPECIFICATION[name](name, text) for name, text in named.items()}
    dependencies.check(values)
    return values
