"""Choose objective, metric and scores of a first model, by the kind of its label."""

from __future__ import annotations

from collections.abc import Mapping

from include.new_pipeline.guesses import Guesses

BINARY = {
    "objective": '"objective": "binary:logistic", "eval_metric": "auc"',
    "metric": "validation:auc",
    "direction": "Maximize",
    "judged_by": "auc",
    "min_gain": "0.005",
    "guards": '{"log_loss": 0.1}',
}
REGRESSION = {
    "objective": '"objective": "reg:squarederror", "eval_metric": "rmse"',
    "metric": "validation:rmse",
    "direction": "Minimize",
    "judged_by": "rmse",
    "guards": "{}",
}
MULTICLASS = {
    "metric": "validation:merror",
    "direction": "Minimize",
    "judged_by": "balanced_accuracy",
    "min_gain": "0.01",
    "guards": "{}",
}


def model_of(guesses: Guesses) -> Mapping[str, str]:
    """Return what the template of a pipeline's file leaves open."""
    if not guesses.labels:
        return REGRESSION | {"min_gain": f"{guesses.spread / 100:.1g}"}
    if len(guesses.labels) == 2:
        return BINARY
    classes = f'"num_class": {len(guesses.labels)}'
    objective = f'"objective": "multi:softprob", {classes}, "eval_metric": "merror"'
    return MULTICLASS | {"objective": objective}
