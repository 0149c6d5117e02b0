"""The forms of DAGs that train a pipeline: a retrain, a search, an AutoML job."""

from __future__ import annotations

from collections.abc import Sequence

from airflow.sdk import Param

from include.pipelines.definition.candidate import Candidate
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.search_space import STRATEGIES
from include.pipelines.params.fields import (
    ALLOW_OLDER,
    APPROVAL_HOURS,
    AUTO_APPROVE,
    FRESH,
    STATISTIC,
    Fields,
    autoscaling,
    direction,
    instant,
    jobs,
    rollout,
    section,
)

# Of an AutoML job in the mode HYPERPARAMETER_TUNING.
ALGORITHMS = ("xgboost", "linear-learner", "mlp")
VALUE = {"type": ["number", "string", "boolean"]}


def retrain(pipeline: Pipeline) -> Fields:
    """Return the form of a retraining DAG, with the pipeline's own ways to judge as defaults."""
    return _learning(pipeline, pipeline.candidates)


def tune(pipeline: Pipeline) -> Fields:
    """Return the form of a tuning DAG: how to search, and all that a retrain asks."""
    search, candidate = pipeline.searched
    combinations = search.jobs({"strategy": "Grid"})
    first = {
        "strategy": Param(
            "Bayesian",
            type="string",
            enum=list(STRATEGIES),
            title="Search strategy",
            description=f"Grid tries all {combinations} combinations of the pipeline's grid.",
        ),
        "max_jobs": Param(
            8,
            type="integer",
            minimum=1,
            maximum=500,
            title="Training jobs",
            description="The most that a search may start; a grid is tried whole.",
        ),
    }
    further = {
        "max_parallel": Param(
            2,
            type="integer",
            minimum=1,
            maximum=10,
            title="Training jobs at a time",
            description="A Bayesian search learns more from fewer.",
        ),
        "early_stopping": Param(
            True,
            type="boolean",
            title="Stop early",
            description="Stop a training job that is worse than the median of those before it.",
        ),
        "warm_start": Param(
            True,
            type="boolean",
            title="Learn from the last search",
            description="Begin with what the last run's tuning job has found, if there is one.",
        ),
    }
    return {**first, **_learning(pipeline, [candidate], section("Search", further))}


def automl(pipeline: Pipeline) -> Fields:
    """Return the form of an AutoML DAG: how long to search, and all that a retrain asks."""
    first = {
        "max_candidates": Param(
            8,
            type="integer",
            minimum=1,
            maximum=750,
            title="Candidates",
            description="The most that an AutoML job may train.",
        ),
        "max_seconds": Param(
            7200,
            type="integer",
            minimum=1,
            title="Seconds of the AutoML job",
            description="After which it ends with the best candidate so far.",
        ),
        "algorithms": Param(
            list(ALGORITHMS),
            type="array",
            items={"type": "string", "enum": list(ALGORITHMS)},
            minItems=1,
            uniqueItems=True,
            title="Algorithms",
            description="An AutoML job tunes each of them.",
        ),
    }
    return {**first, **_learning(pipeline, ())}


def _learning(
    pipeline: Pipeline, candidates: Sequence[Candidate], more: Fields | None = None
) -> Fields:
    """Return the fields of a run that may replace the model in production."""
    return {
        "window_end": instant(
            "End of the data",
            "First time after the data to train on. Empty: the run's interval, else the newest "
            "complete partition.",
        ),
        "window_partitions": Param(
            pipeline.partitions.number,
            type="integer",
            minimum=2,
            maximum=10_000,
            title=f"{pipeline.partitions.every.title()}s of data",
            description=f"The newest are held out, at least {pipeline.holdout.duration.days} days.",
        ),
        **({"candidates": _candidates(candidates)} if candidates else {}),
        **_gain(pipeline),
        "auto_approve": AUTO_APPROVE,
        "fresh": FRESH,
        **(more or {}),
        **_selection(pipeline),
        **section("Approval", {"approval_hours": APPROVAL_HOURS, "allow_older": ALLOW_OLDER}),
        **rollout(pipeline.rollout, pipeline.strategies),
        **({} if pipeline.is_packed else autoscaling()),
        **jobs(),
    }


def _gain(pipeline: Pipeline) -> Fields:
    """Return the fields that decide whether a model is better than that in production."""
    return {
        "min_gain": Param(
            pipeline.min_gain,
            type="number",
            minimum=0,
            title="Least gain",
            description=f"How much better in {pipeline.judged_by} on the holdout than production a "
            "model must be to replace it.",
        ),
        "confidence": Param(
            pipeline.confidence,
            type="number",
            exclusiveMinimum=0,
            exclusiveMaximum=1,
            title="Confidence of the gain",
            description="All of the interval of this confidence around the gain must reach the "
            "least gain; if only a part does, the verdict is 'not sure', and production stays.",
        ),
    }


def _selection(pipeline: Pipeline) -> Fields:
    """Return the fields that decide which trial is the best."""
    return section(
        "Selection",
        {
            "metric": Param(
                pipeline.metric,
                type="string",
                enum=pipeline.metrics,
                title="Metric",
                description="The best trial is best at this.",
            ),
            "direction": direction(pipeline.direction),
            "statistic": STATISTIC,
        },
    )


def _candidates(candidates: Sequence[Candidate]) -> Param:
    """Return the field for a run's own candidates and hyperparameters."""
    values = {"type": "object", "additionalProperties": VALUE}
    return Param(
        {candidate.name: dict(candidate.hyperparameters) for candidate in candidates},
        type="object",
        minProperties=1,
        properties={candidate.name: values for candidate in candidates},
        additionalProperties=False,
        title="Candidates and hyperparameters",
        description="For this run alone: remove a candidate to leave it out, or change its "
        "hyperparameters. The pipeline's file keeps what it states.",
    )
