"""The tumours pipeline: its candidates and their evaluation."""

from __future__ import annotations

from include.jobs.tumours.schema import SCHEMA
from include.pipelines.definition.candidate import Candidate
from include.pipelines.definition.pipeline import Pipeline

BOOSTING = {"objective": "binary:logistic", "eval_metric": "auc", "seed": 7}

PIPELINE = Pipeline(
    name="tumours",
    schema=SCHEMA,
    metric="validation:auc",
    direction="Maximize",
    judged_by="auc",
    min_gain=0.005,
    guards={"log_loss": 0.1},
    candidates=(
        Candidate("shallow", "xgboost", BOOSTING | {"num_round": 150, "max_depth": 3, "eta": 0.1}),
        Candidate("deep", "xgboost", BOOSTING | {"num_round": 100, "max_depth": 6, "eta": 0.1}),
    ),
)
