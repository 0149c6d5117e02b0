"""Errors as the platform reports them: a ClientError is the caller's to fix."""

from __future__ import annotations

# XGBoost's messages for invalid data or hyperparameters of the caller.
CALLERS = (
    "label must be in [0,1] for logistic regression",
    "label must be in [0, num_class)",
    "SoftmaxMultiClassObj: label must be in [0, num_class)",
    "Target is multiclass but average='binary'",
    "feature_names mismatch",
    "Check failed: preds.size() == info.labels_.size()",
    "AUC: the dataset only contains pos or neg samples",
    "base_score must be in (0,1) for",
    "PoissonRegression: label must be nonnegative",
    "TweedieRegression: label must be nonnegative",
    "Parameter reg_lambda should be greater equal to 0",
)


class UserError(Exception):
    """Bad data or bad hyperparameters: the platform reports it as a ClientError."""


def of_training(error: Exception) -> Exception:
    """Return the container's error for an error that XGBoost raised."""
    text = str(error)
    if any(known in text for known in CALLERS):
        return UserError(text)
    return RuntimeError(f"XGB train call failed with exception:\n {text}")
