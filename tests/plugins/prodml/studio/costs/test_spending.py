"""The cost of a job is that of the days on which it ran."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prodml.jobs.billing import Rates
from prodml.studio.costs.endpoints import Serving
from prodml.studio.costs.spending import of_endpoint, of_job
from prodml.studio.jobs.job import Place, job_of
from prodml.vocabulary import TRAINING

from tests.plugins.prodml.studio.jobs.searched import NOON, OWNER, training_job

RATES = Rates({"ml.m5.large": 0.36})
MIDNIGHT = NOON.replace(hour=0)


def test_a_job_across_midnight_costs_on_both_days() -> None:
    job = job_of(
        TRAINING, training_job(1, MIDNIGHT + timedelta(seconds=25)), Place("acme", "s3://x")
    )
    assert job
    spending = of_job(job, RATES, MIDNIGHT - timedelta(days=7), NOON)
    assert spending.usd_by_day == pytest.approx({"2026-11-28": 0.015, "2026-11-29": 0.005})
    assert (spending.pipeline, spending.dag, spending.seconds) == (OWNER.dag, OWNER.dag, 200)
    assert list(of_job(job, RATES, MIDNIGHT, NOON).usd_by_day) == ["2026-11-29"]
    assert of_job(job, RATES, MIDNIGHT + timedelta(days=1), NOON).usd_by_day == {}
    assert of_job(job, Rates({}), MIDNIGHT, NOON).unpriced == ["ml.m5.large"]


def test_a_job_of_the_day_before_the_start_costs_nothing_after_it() -> None:
    yesterday = training_job(1, MIDNIGHT - timedelta(hours=1))
    job = job_of(TRAINING, yesterday, Place("acme", "s3://x"))
    assert job
    assert of_job(job, RATES, MIDNIGHT, NOON).usd_by_day == {}
    assert list(of_job(job, RATES, MIDNIGHT - timedelta(days=1), NOON).usd_by_day) == ["2026-11-28"]


def test_an_endpoint_costs_by_the_hours_since_it_was_created() -> None:
    created = MIDNIGHT - timedelta(hours=6)
    endpoint = Serving("churn", "churn", OWNER, created, 2, ["ml.m5.large"], hourly=0.5)
    spending = of_endpoint(endpoint, MIDNIGHT - timedelta(days=7), NOON)
    assert spending.usd_by_day == pytest.approx({"2026-11-28": 3.0, "2026-11-29": 6.0})
    assert sum(of_endpoint(endpoint, MIDNIGHT, NOON).usd_by_day.values()) == pytest.approx(6.0)
