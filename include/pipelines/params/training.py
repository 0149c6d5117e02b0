"""The forms of DAGs that train: a retrain, a search, an experiment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow.sdk import Param

from include.pipelines.definition.pipeline import DIRECTIONS, Pipeline
from include.pipelines.definition.search_space import STRATEGIES
from include.pipelines.definition.study import Study
from include.pipelines.params.fields import (
    ALLOW_OLDER,
    APPROVAL,
    CAPACITY,
    MAX_COST,
    STATISTIC,
    WORK,
    day,
    rollout,
)
from include.settings import settings


def retrain(pipeline: Pipeline) -> dict[str, Param]:
    """The form of a retraining DAG, with the pipeline's own ways to judge as defaults."""
    return {
        "window_end": day(
            "First day after the data to train on. Empty: the run's interval, else the newest "
            "slice."
        ),
        "window_slices": Param(
            8,
            type="integer",
            minimum=2,
            maximum=52,
            description="Weeks of data; the last is held out.",
        ),
        "metric": Param(
            pipeline.metric,
            type="string",
            enum=pipeline.metrics,
            description="What the best trial is best at.",
        ),
        "direction": Param(pipeline.direction, type="string", enum=list(DIRECTIONS)),
        "statistic": STATISTIC,
        "min_gain": Param(
            pipeline.min_gain,
            type="number",
            minimum=0,
            description=f"How much better in {pipeline.judged_by} on the holdout than production a "
            "model must be to replace it.",
        ),
        "max_cost": MAX_COST,
        **APPROVAL,
        **rollout(pipeline.rollout),
        "allow_older": ALLOW_OLDER,
        **WORK,
        **CAPACITY,
    }


def tune(pipeline: Pipeline) -> dict[str, Param]:
    """The form of a tuning DAG: how to search, and all that a retrain asks."""
    search, _ = pipeline.searched
    combinations = search.jobs({"strategy": "Grid"})
    return {
        "strategy": Param(
            "Bayesian",
            type="string",
            enum=list(STRATEGIES),
            description=f"Grid tries all {combinations} combinations of the pipeline's grid.",
        ),
        "max_jobs": Param(
            8, type="integer", minimum=1, maximum=500, description="Training jobs, but for a grid."
        ),
        "max_parallel": Param(
            2,
            type="integer",
            minimum=1,
            maximum=10,
            description="Training jobs at a time; a Bayesian search learns more from fewer.",
        ),
        "early_stopping": Param(
            True,
            type="boolean",
            description="Stop a training job that is worse than the median of those before it.",
        ),
        "warm_start": Param(
            True,
            type="boolean",
            description="Begin with what the last run's tuning job has found, if there is one.",
        ),
        **retrain(pipeline),
    }


def study(study: Study, trials: Sequence[dict[str, Any]]) -> dict[str, Param]:
    """The form of an experiment's DAG; *trials* are tried unless it says otherwise."""
    return {
        "trials": Param(
            list(trials),
            type="array",
            minItems=1,
            maxItems=50,
            items={"type": "object", "additionalProperties": {"type": ["number", "string"]}},
            description="One set of hyperparameters a trial; they win over those below.",
        ),
        **{name: HYPERPARAMETERS[name] for name in study.shared},
        "data_uri": Param(
            settings().mnist_uri,
            type="string",
            pattern="^(s3://.+)?$",
            description="An S3 prefix with MNIST's .npy files. Empty: the 5,000 images that the "
            "project ships are uploaded.",
        ),
        "metric": Param("test:loss", type="string", enum=sorted(study.metrics)),
        "direction": Param("Minimize", type="string", enum=list(DIRECTIONS)),
        "statistic": STATISTIC,
        "max_cost": MAX_COST,
        **WORK,
    }


HYPERPARAMETERS = {
    "epochs": Param(3, type="integer", minimum=1, maximum=1000),
    "dropout": Param(0.2, type="number", minimum=0, exclusiveMaximum=1),
    "optimizer": Param("adam", type="string", enum=["adam", "sgd"]),
    "backend": Param(
        "gloo",
        type="string",
        enum=["gloo", "nccl"],
        description="How several instances talk: gloo between CPUs, nccl between GPUs.",
    ),
}
