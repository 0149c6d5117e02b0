"""The digits pipeline, whose raw data are images: its candidates and their evaluation."""

from __future__ import annotations

from include.jobs.digits.schema import PNG, SCHEMA
from include.jobs.tabular.records import CSV, JSON, LINES
from include.pipelines.definition.candidate import Candidate
from include.pipelines.definition.partitions import Partitions
from include.pipelines.definition.pipeline import Pipeline

ACCURACY = {"validation:accuracy": r"validation:accuracy=([0-9.]+);"}

PIPELINE = Pipeline(
    name="digits",
    schema=SCHEMA,
    metric="validation:accuracy",
    direction="Maximize",
    judged_by="balanced_accuracy",
    min_gain=0.01,
    partitions=Partitions(formats=("png",)),
    preprocess="digits.preprocess",
    content_types=(PNG, CSV, JSON, LINES[0]),
    candidates=(
        Candidate("plain", "scikit-learn", {"c": 1.0}, script="train.py", metrics=ACCURACY),
        Candidate("regularized", "scikit-learn", {"c": 0.1}, script="train.py", metrics=ACCURACY),
    ),
)
