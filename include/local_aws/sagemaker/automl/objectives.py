"""The metrics of AutoML jobs, and the names that the algorithms print them by."""

from __future__ import annotations

from ...core.store import Doc
from ...wire.errors import validation

BINARY, MULTICLASS, REGRESSION = (
    "BinaryClassification",
    "MulticlassClassification",
    "Regression",
)
# By problem type and AWS's name of a metric, the name in the log; the first is AWS's default.
METRICS: dict[str, dict[str, str]] = {
    BINARY: {
        "F1": "f1_binary",
        "Accuracy": "accuracy",
        "AUC": "auc",
        "BalancedAccuracy": "balanced_accuracy",
        "Precision": "precision",
        "Recall": "recall",
    },
    MULTICLASS: {
        "Accuracy": "accuracy",
        "BalancedAccuracy": "balanced_accuracy",
        "F1macro": "f1_macro",
        "PrecisionMacro": "precision_macro",
        "RecallMacro": "recall_macro",
    },
    REGRESSION: {"MSE": "mse", "RMSE": "rmse", "MAE": "mae", "R2": "r2"},
}
LOSSES = {BINARY: "logloss", MULTICLASS: "mlogloss"}  # reported as LogLoss, and no objective
ERRORS = ("MSE", "RMSE", "MAE")
SETS = {"train": "Train", "validation": "Validation"}


def check_objective(problem: str | None, metric: str | None) -> None:
    """Refuse a metric without its problem type, or that the problem type does not have."""
    if (problem is None) != (metric is None):
        raise validation(
            "You must either specify both the problem type and the objective metric "
            "(AutoMLJobObjective), or neither of them."
        )
    if problem and metric not in METRICS[problem]:
        raise validation(
            f"The objective metric {metric} is not supported for problem type {problem}. "
            f"Use one of: {', '.join(METRICS[problem])}."
        )


def objective_of(job: Doc) -> str:
    """Return the metric that the candidates of an analyzed job are ranked by."""
    given: Doc = job.get("AutoMLJobObjective", {})
    return str(given.get("MetricName") or next(iter(METRICS[job["ResolvedProblemType"]])))


def direction(metric: str) -> str:
    return "Minimize" if metric in ERRORS else "Maximize"


def logged(problem: str) -> list[str]:
    """Return the names in the log of all metrics of a problem type."""
    losses = [LOSSES[problem]] if problem in LOSSES else []
    return [*METRICS[problem].values(), *losses]


def candidate_metrics(problem: str, finals: list[Doc]) -> list[Doc]:
    """Return the CandidateMetrics of a training job's FinalMetricDataList."""
    names = {logged: name for name, logged in METRICS[problem].items()}
    losses = {LOSSES[problem]: "LogLoss"} if problem in LOSSES else {}
    metrics: list[Doc] = []
    for final in finals:
        part, _, name = final["MetricName"].partition(":")
        if name in names:
            metrics.append(_datum(names[name], part, final["Value"]) | {"MetricName": names[name]})
        elif name in losses:
            metrics.append(_datum(losses[name], part, final["Value"]))
    return metrics


def _datum(name: str, part: str, value: float) -> Doc:
    return {"StandardMetricName": name, "Set": SETS[part], "Value": value}
