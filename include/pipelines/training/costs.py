"""Check the maximum cost of a run before anything is started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from prodml.notifications.outbox import post
from prodml.notifications.run_events import BudgetRefused
from prodml.vocabulary import HOURS_A_MONTH

from include.pipelines.contracts.training import Budget, Expense
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.resources import USUAL_VOLUME, Instances, Step
from include.pipelines.definition.study import Study
from include.pipelines.training import automl
from include.pipelines.training.candidates import chosen
from include.pipelines.training.prices import prices

HOLDOUTS = 2  # transform jobs, for challenger and champion


class TooExpensive(ValueError):
    """Raised when a run may cost more than its form allows."""


@dataclass(frozen=True)
class Work:
    """Jobs of one step on the same instances."""

    step: Step
    jobs: int
    instances: Instances

    def at_most(self, max_runtime: int) -> Expense:
        """Return the cost if each job takes *max_runtime* seconds on the dearest of its types."""
        price, kind = max((prices().of(kind), kind) for kind in self.instances.types(self.step))
        has_volume = self.step is not Step.TRANSFORM
        gigabytes = (self.instances.volume_gb or USUAL_VOLUME) if has_volume else 0
        hourly = price + gigabytes * prices().storage / HOURS_A_MONTH
        hours = self.jobs * self.instances.count * max_runtime / 3600
        return {
            "step": self.step,
            "jobs": self.jobs,
            "instances": self.instances.count,
            "instance_type": kind,
            "usd_per_hour": price,
            "usd_at_most": round(hours * hourly, 4),
        }


def bound(pipeline: Pipeline, params: Mapping[str, Any]) -> Budget:
    """Return the maximum cost of a run's jobs; raise TooExpensive above `max_cost`.

    It excludes endpoints, which cost until they are deleted.
    """
    resources = pipeline.resources
    work = [
        *_processing(resources.processing),
        *_training(pipeline, params),
        *([Work(Step.PROCESSING, 1, replace(resources.processing, count=1))] * pipeline.is_packed),
        Work(Step.TRANSFORM, HOLDOUTS + bool(pipeline.costs), resources.transform),
    ]
    return within(work, pipeline.max_runtime, params["max_cost"])


def bound_study(study: Study, params: Mapping[str, Any]) -> Budget:
    """Return the maximum cost of a study's trials; raise TooExpensive above `max_cost`."""
    trials = Work(Step.TRAINING, len(params["trials"]), study.instances(params))
    return within([trials], study.max_runtime, params["max_cost"])


def within(work: Sequence[Work], max_runtime: int, max_cost: float) -> Budget:
    """Return jobs x instances x longest runtime x price; raise TooExpensive above *max_cost*."""
    steps = [part.at_most(max_runtime) for part in work]
    usd = round(sum(step["usd_at_most"] for step in steps), 2)
    jobs = sum(step["jobs"] for step in steps)
    if usd > max_cost:
        reason = (
            f"{jobs} jobs of at most {max_runtime} s may cost ${usd:.2f}, but max_cost is "
            f"${max_cost:.2f}: {', '.join(map(_words, steps))}. Raise max_cost, or use fewer "
            "candidates, smaller instances or a shorter max_runtime."
        )
        post(BudgetRefused(reason=reason))
        raise TooExpensive(reason)
    return {"usd_at_most": usd, "jobs": jobs, "steps": steps, "prices_of": prices().as_of}


def _words(step: Expense) -> str:
    instances = f"{step['instances']} x {step['instance_type']}"
    return f"{step['jobs']} {step['step']} on {instances} ${step['usd_at_most']:.2f}"


def _processing(preprocessing: Instances) -> list[Work]:
    """Return the work of preprocessing, and of the evaluation, which runs on one instance."""
    instances = [preprocessing, replace(preprocessing, count=1)]
    return [Work(Step.PROCESSING, instances.count(i), i) for i in dict.fromkeys(instances)]


def _training(pipeline: Pipeline, params: Mapping[str, Any]) -> list[Work]:
    """Return the work of the candidates, or of the jobs that a search may start."""
    if "max_candidates" in params:
        return [Work(Step.TRAINING, automl.STEPS + params["max_candidates"], automl.INSTANCES)]
    if "strategy" in params and pipeline.search:
        searched = pipeline.searched[1]
        chosen([searched], params)  # refused here, before any job
        jobs = pipeline.search.jobs(params)
        return [Work(Step.TRAINING, jobs, pipeline.training(searched))]
    candidates = chosen(pipeline.candidates, params)
    instances = [pipeline.training(candidate) for candidate in candidates]
    return [Work(Step.TRAINING, instances.count(i), i) for i in dict.fromkeys(instances)]
