from __future__ import annotations

import pytest
from prodml.notifications.events import BudgetRefused
from prodml.notifications.outbox import take

from include.pipelines import params
from include.pipelines.churn import PIPELINE
from include.pipelines.training.costs import TooExpensive, bound
from include.pipelines.training.prices import prices
from tests.include.pipelines.params.forms import defaults


def test_the_bound_is_jobs_times_longest_runtime_times_price() -> None:
    budget = bound(PIPELINE, defaults(params.retrain(PIPELINE)))
    jobs = len(PIPELINE.candidates) + 3
    assert budget["usd_at_most"] == round(jobs * 0.5 * prices().of("ml.m5.large"), 2)


def test_a_run_above_its_bound_is_refused_before_any_job() -> None:
    take()
    with pytest.raises(TooExpensive, match=r"may cost \$0\.40, but max_cost is \$0\.10") as refused:
        bound(PIPELINE, defaults(params.retrain(PIPELINE)) | {"max_cost": 0.1})
    assert take() == [BudgetRefused(reason=str(refused.value))]


@pytest.mark.parametrize(("strategy", "jobs"), [("Bayesian", 20), ("Grid", 4)])
def test_a_search_is_bounded_by_all_the_training_jobs_that_it_may_start(
    strategy: str, jobs: int
) -> None:
    form = defaults(params.tune(PIPELINE)) | {"strategy": strategy, "max_jobs": 20}
    assert bound(PIPELINE, form)["jobs"] == jobs + 3
