"""Costs by day, pipeline, DAG and kind; what is billed now; runs with their bounds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prodml.aws.client import Aws
from prodml.jobs.billing import Rates
from prodml.studio.costs.overview import _runs, costs
from prodml.studio.jobs.job import Place, job_of
from prodml.studio.reader import Reader
from prodml.studio.settings import prices_as_of, rates
from prodml.vocabulary import TRAINING

from tests.plugins.prodml.studio.conftest import USD_A_SECOND, BilledJob
from tests.plugins.prodml.studio.jobs.searched import NOON, OWNER, training_job


def test_the_costs_of_a_deployment(billed: BilledJob) -> None:
    reader = Reader(Aws())
    now = billed.ended + timedelta(seconds=1)
    overview = costs(reader, 30, rates(), prices_as_of(), now)
    shown = now - timedelta(days=29)  # and today
    assert overview["start"][:10] == min(f"{shown:%F}", f"{now:%Y-%m}-01")
    usd = pytest.approx(billed.seconds * USD_A_SECOND)
    assert sum(row["usd"] for row in overview["rows"]) == usd
    last = overview["rows"][-1]
    assert (last["day"], last["pipeline"]) == (f"{billed.ended:%F}", "churn")
    assert (last["dag"], last["kind"]) == ("check_churn_drift", "ProcessingJob")
    (run,) = overview["runs"]
    assert (run["dag"], run["jobs"]) == ("check_churn_drift", 1)
    assert run["usd"] == usd
    assert overview["billing"] == []
    assert overview["prices_as_of"] == "2026-11-01"
    for _ in range(5):  # five people have it open
        costs(reader, 30, rates(), prices_as_of(), now)
    assert reader.calls.total() <= 10


def test_a_run_is_bounded_by_the_limits_of_its_jobs() -> None:
    described = [training_job(n, NOON) for n in range(2)]
    described[0] |= {"TrainingJobStatus": "InProgress", "TrainingEndTime": None}
    place, prices = Place("acme", "s3://acme-models"), Rates({"ml.m5.large": 0.36})
    jobs = [job for each in described if (job := job_of(TRAINING, each, place))]
    (run,) = _runs(jobs, prices, NOON)
    assert (run["dag"], run["run"], run["pipeline"]) == (OWNER.dag, OWNER.run, "churn")
    assert (run["jobs"], run["running"]) == (2, 1)
    assert run["usd"] == pytest.approx(2 * 0.02)
    assert run["usd_at_most"] == pytest.approx(2 * 0.36)
