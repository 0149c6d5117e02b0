"""Check the maximum cost of a run before anything is started."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prodml.notifications.events import BudgetRefused
from prodml.notifications.outbox import post

from include.pipelines.contracts import Budget
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.training.candidates import chosen
from include.pipelines.training.prices import prices
from include.settings import settings

OTHER_JOBS = 3  # preprocessing, and a transform each for challenger and champion


class TooExpensive(ValueError):
    """Raised when a run may cost more than its form allows."""


def bound(pipeline: Pipeline, params: Mapping[str, Any]) -> Budget:
    """Return the maximum cost of a run's jobs; raise TooExpensive above `max_cost`.

    It excludes endpoints, which cost until they are deleted.
    """
    jobs = _trials(pipeline, params) + OTHER_JOBS
    return within(jobs, pipeline.max_runtime, params["max_cost"])


def within(jobs: int, max_runtime: int, max_cost: float) -> Budget:
    """Return instances x longest runtime x price; a job of two instances counts as two."""
    price, kind = max((prices().of(kind), kind) for kind in settings().instance_types)
    usd = round(jobs * max_runtime / 3600 * price, 2)
    if usd > max_cost:
        reason = (
            f"{jobs} jobs of at most {max_runtime} s on {kind} may "
            f"cost ${usd:.2f}, but max_cost is ${max_cost:.2f}. Raise max_cost, or use fewer "
            "candidates or a shorter max_runtime."
        )
        post(BudgetRefused(reason=reason))
        raise TooExpensive(reason)
    return {
        "usd_at_most": usd,
        "jobs": jobs,
        "instance_type": kind,
        "usd_per_hour": price,
        "prices_of": prices().as_of,
    }


def _trials(pipeline: Pipeline, params: Mapping[str, Any]) -> int:
    """Return the number of candidates, or of training jobs that a tuning job may start."""
    if "strategy" in params and pipeline.search:
        chosen([pipeline.searched[1]], params)  # refused here, before any job
        return pipeline.search.jobs(params)
    return len(chosen(pipeline.candidates, params))
