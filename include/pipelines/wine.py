"""The wine pipeline: its candidates and their evaluation."""

from __future__ import annotations

from include.jobs.wine.schema import SCHEMA
from include.pipelines.definition.candidate import Candidate
from include.pipelines.definition.pipeline import Pipeline

BOOSTING = {"objective": "multi:softprob", "num_class": 3, "eval_metric": "merror", "seed": 7}

PIPELINE = Pipeline(
    name="wine",
    schema=SCHEMA,
    metric="validation:merror",
    direction="Minimize",
    judged_by="balanced_accuracy",
    min_gain=0.01,
    candidates=(
        Candidate("shallow", "xgboost", BOOSTING | {"num_round": 150, "max_depth": 3, "eta": 0.1}),
        Candidate("deep", "xgboost", BOOSTING | {"num_round": 100, "max_depth": 6, "eta": 0.1}),
    ),
)
