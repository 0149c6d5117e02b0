from __future__ import annotations

from pathlib import Path

import pytest

from include.pipelines.churn import PIPELINE
from include.pipelines.training.costs import TooExpensive, bound
from include.pipelines.training.prices import prices, read


def test_the_bound_is_jobs_times_longest_runtime_times_price() -> None:
    found = bound(PIPELINE, {"max_cost": 10})
    jobs = len(PIPELINE.candidates) + 3
    assert found["usd_at_most"] == round(jobs * 0.5 * prices().of("ml.m5.large"), 2)


def test_a_run_above_its_bound_is_refused_before_any_job() -> None:
    with pytest.raises(TooExpensive, match=r"may cost \$0\.40, and max_cost is \$0\.10"):
        bound(PIPELINE, {"max_cost": 0.1})
    with pytest.raises(ValueError, match=r"No price is known for 'ml\.x1\.huge'"):
        prices().of("ml.x1.huge")


def test_a_table_of_one_s_own_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    path.write_text('{"as_of": "2026-11-01", "usd_per_hour": {"ml.m5.large": 0.2}}')
    mine = read(path)
    assert (mine.as_of, mine.of("ml.m5.large")) == ("2026-11-01", 0.2)
    path.write_text('{"ml.m5.large": 0.2}')
    with pytest.raises(ValueError, match="unset PRODML_PRICES"):
        read(path)


@pytest.mark.parametrize(("strategy", "jobs"), [("Bayesian", 20), ("Grid", 4)])
def test_a_search_is_bounded_by_all_the_training_jobs_that_it_may_start(
    strategy: str, jobs: int
) -> None:
    found = bound(PIPELINE, {"max_cost": 10, "strategy": strategy, "max_jobs": 20})
    assert found["jobs"] == jobs + 3
