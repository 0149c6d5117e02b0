"""The algorithm's hyperparameters: names, types and ranges, in the container's own words."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from errors import UserError

INFINITY = math.inf
OBJECTIVES = (
    "binary:logistic binary:logitraw binary:hinge count:poisson multi:softmax multi:softprob "
    "rank:pairwise rank:ndcg rank:map reg:linear reg:squarederror reg:logistic reg:gamma "
    "reg:pseudohubererror reg:squaredlogerror reg:absoluteerror reg:tweedie survival:aft "
    "survival:cox"
).split()


@dataclass(frozen=True)
class Number:
    """A number in an interval, written as the container prints it."""

    low: float
    high: float
    closed: str  # "[]", "[)", "(]" or "()"
    kind: type = float

    def __call__(self, name: str, text: str) -> Any:
        try:
            value = self.kind(text)
        except ValueError:
            raise UserError(f"Hyperparameter {name}: could not parse {text!r}") from None
        above = value >= self.low if self.closed[0] == "[" else value > self.low
        below = value <= self.high if self.closed[1] == "]" else value < self.high
        if not (above and below):
            raise UserError(f"Hyperparameter {name}: {text} is not in {self}")
        return value

    def __str__(self) -> str:
        high = "+inf" if self.high == INFINITY else f"{self.high:g}"
        return f"{self.closed[0]}{self.low:g}, {high}{self.closed[1]}"


def _one_of(*choices: str) -> Callable[[str, str], str]:
    def check(name: str, text: str) -> str:
        if text not in choices:
            raise UserError(f"Hyperparameter {name}: {text} is not in {list(choices)}")
        return text

    return check


def _literal(name: str, text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        raise UserError(f"Hyperparameter {name}: could not parse {text!r}") from None


def _words(name: str, text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _text(name: str, text: str) -> str:
    return text


NATURAL = Number(0, INFINITY, "[)", int)
POSITIVE_INTEGER = Number(1, INFINITY, "[)", int)
NON_NEGATIVE = Number(0, INFINITY, "[)")
FRACTION = Number(0, 1, "[]")
SHARE = Number(0, 1, "(]")
FLAG = Number(0, 1, "[]", int)

SPECIFICATION: dict[str, Callable[[str, str], Any]] = {
    "num_round": POSITIVE_INTEGER,
    "csv_weights": FLAG,
    "early_stopping_rounds": POSITIVE_INTEGER,
    "booster": _one_of("gbtree", "gblinear", "dart"),
    "verbosity": Number(0, 3, "[]", int),
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
    "scale_pos_weight": Number(0, INFINITY, "()"),
    "updater": _text,
    "refresh_leaf": FLAG,
    "process_type": _one_of("default", "update"),
    "grow_policy": _one_of("depthwise", "lossguide"),
    "max_leaves": NATURAL,
    "max_bin": NATURAL,
    "monotone_constraints": _literal,
    "interaction_constraints": _literal,
    "sample_type": _one_of("uniform", "weighted"),
    "normalize_type": _one_of("tree", "forest"),
    "rate_drop": FRACTION,
    "one_drop": FLAG,
    "skip_drop": FRACTION,
    "lambda_bias": FRACTION,
    "tweedie_variance_power": Number(1, 2, "()"),
    "objective": _one_of(*OBJECTIVES),
    "num_class": Number(2, INFINITY, "[)", int),
    "base_score": NON_NEGATIVE,
    "eval_metric": _words,
    "seed": Number(-INFINITY, INFINITY, "()", int),
    "num_parallel_tree": POSITIVE_INTEGER,
    "save_model_on_termination": _one_of("true", "false"),
    "_tuning_objective_metric": _text,
}
ALIASES = {
    "learning_rate": "eta",
    "min_split_loss": "gamma",
    "reg_lambda": "lambda",
    "reg_alpha": "alpha",
}


def validated(given: dict[str, str]) -> dict[str, Any]:
    """Typed values by their canonical names; raises UserError for what the container refuses."""
    named = {ALIASES.get(name, name): value for name, value in given.items()}
    if extra := sorted(set(named) - set(SPECIFICATION)):
        raise UserError(f"Extraneous hyperparameter found: {', '.join(extra)}")
    if "num_round" not in named:
        raise UserError("Missing required hyperparameter: num_round")
    values = {name: SPECIFICATION[name](name, text) for name, text in named.items()}
    if values.get("objective", "").startswith("multi:") and "num_class" not in values:
        raise UserError(f"Require input for parameter 'num_class' with {values['objective']}")
    return values
