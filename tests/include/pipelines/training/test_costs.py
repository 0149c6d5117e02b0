from __future__ import annotations

from dataclasses import replace

import pytest
from prodml.notifications.outbox import take
from prodml.notifications.run_events import BudgetRefused

from include.pipelines import params
from include.pipelines.churn import PIPELINE
from include.pipelines.definition.resources import Instances, Resources, Step
from include.pipelines.mnist import PYTORCH
from include.pipelines.training.costs import TooExpensive, bound, bound_study
from include.pipelines.training.prices import prices
from tests.include.pipelines.params.forms import defaults

HALF_AN_HOUR = 0.5
LARGE = Instances("ml.m5.4xlarge", count=3, volume_gb=730)


def _usd(instances: Instances, step: Step, jobs: int = 1) -> float:
    """Return the cost of half an hour; the volume of a transform job is AWS's."""
    kind = instances.types(step)[0]
    gigabytes = 0 if step is Step.TRANSFORM else instances.volume_gb or 10
    hourly = prices().of(kind) + gigabytes * prices().storage / 730
    return jobs * instances.count * HALF_AN_HOUR * hourly


def test_the_bound_is_jobs_times_instances_times_longest_runtime_times_price() -> None:
    budget = bound(PIPELINE, defaults(params.retrain(PIPELINE)))
    one, trials = Instances(), len(PIPELINE.candidates)
    usd = sum(
        _usd(one, step, jobs)
        for step, jobs in ((Step.PROCESSING, 2), (Step.TRAINING, trials), (Step.TRANSFORM, 3))
    )
    assert budget["usd_at_most"] == pytest.approx(usd, abs=0.01)
    assert budget["jobs"] == trials + 5


def test_each_step_counts_with_its_own_instances() -> None:
    """A candidate's own instances count for it alone; the dearest fallback counts for its step."""
    first, *others = PIPELINE.candidates
    fallback = Instances("ml.m5.large", more_types=("ml.c5.2xlarge",))
    pipeline = replace(
        PIPELINE,
        candidates=(replace(first, resources=LARGE), *others),
        resources=Resources(processing=LARGE, transform=fallback),
    )
    steps = bound(pipeline, defaults(params.retrain(pipeline)) | {"max_cost": 100.0})["steps"]
    assert [(s["step"], s["jobs"], s["instances"], s["instance_type"]) for s in steps] == [
        ("processing", 1, 3, "ml.m5.4xlarge"),
        ("processing", 1, 1, "ml.m5.4xlarge"),  # the evaluation, which one instance computes
        ("training", 1, 3, "ml.m5.4xlarge"),
        ("training", 3, 1, "ml.m5.large"),
        ("transform", 3, 1, "ml.c5.2xlarge"),
    ]
    assert steps[0]["usd_at_most"] == pytest.approx(_usd(LARGE, Step.PROCESSING), abs=1e-4)
    assert steps[0]["usd_at_most"] == pytest.approx(3 * 0.5 * (0.922 + 0.14), abs=1e-4)


def test_a_study_counts_its_trials_and_their_instances() -> None:
    form = defaults(params.study(PYTORCH, [{}, {"seed": 2}], cluster=True)) | {"instances": 2}
    (step,) = bound_study(PYTORCH, form)["steps"]
    assert (step["jobs"], step["instances"]) == (2, 2)


def test_a_run_above_its_bound_is_refused_before_any_job() -> None:
    take()
    with pytest.raises(TooExpensive, match=r"may cost \$0\.52, but max_cost is \$0\.10") as refused:
        bound(PIPELINE, defaults(params.retrain(PIPELINE)) | {"max_cost": 0.1})
    assert "4 training on 1 x ml.m5.large $0.23" in str(refused.value)
    assert take() == [BudgetRefused(reason=str(refused.value))]


@pytest.mark.parametrize(("strategy", "jobs"), [("Bayesian", 20), ("Grid", 4)])
def test_a_search_is_bounded_by_all_the_training_jobs_that_it_may_start(
    strategy: str, jobs: int
) -> None:
    form = defaults(params.tune(PIPELINE)) | {"strategy": strategy, "max_jobs": 20}
    assert bound(PIPELINE, form)["jobs"] == jobs + 5
