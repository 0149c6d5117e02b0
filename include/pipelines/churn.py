"""The churn pipeline: its candidates and their evaluation."""

from __future__ import annotations

from include.jobs.churn.schema import SCHEMA
from include.jobs.evaluation.scores import Costs
from include.pipelines.definition.candidate import Candidate
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.search_space import Search

AUC_LINES = {"train:auc": r"train:auc=([0-9.]+);", "validation:auc": r"validation:auc=([0-9.]+);"}
# A customer who leaves unnoticed takes the next bill along: 65.50 on average, by the charges of
# those who left in these data. An offer to one who would have stayed is taken to be a fifth of the
# average bill of 59.50. Replace both by those of your own business: their ratio decides.
COSTS = Costs(false_positive=11.9, false_negative=65.5)
BOOSTING = {
    "objective": "binary:logistic",
    "eval_metric": "auc",
    "early_stopping_rounds": 20,
    "seed": 7,
}

PIPELINE = Pipeline(
    name="churn",
    schema=SCHEMA,
    metric="validation:auc",
    direction="Maximize",
    judged_by="auc",
    min_gain=0.005,
    guards={"log_loss": 0.1},
    costs=COSTS,
    search=Search(
        candidate="xgboost-deep",
        ranges={
            "max_depth": (2, 9),
            "min_child_weight": (1.0, 10.0),
            "eta": (0.03, 0.3),
            "subsample": (0.5, 1.0),
        },
        grid={"max_depth": [3, 6], "eta": [0.05, 0.1]},
    ),
    candidates=(
        Candidate(
            "xgboost-shallow", "xgboost", BOOSTING | {"num_round": 150, "max_depth": 3, "eta": 0.1}
        ),
        Candidate(
            "xgboost-deep", "xgboost", BOOSTING | {"num_round": 100, "max_depth": 6, "eta": 0.1}
        ),
        Candidate(
            "random-forest",
            "scikit-learn",
            {"model": "random_forest", "n-estimators": 150, "min-samples-leaf": 2},
            script="train.py",
            metrics=AUC_LINES,
        ),
        Candidate(
            "logistic-regression",
            "scikit-learn",
            {"model": "logistic_regression", "c": 0.5},
            script="train.py",
            metrics=AUC_LINES,
        ),
    ),
)
