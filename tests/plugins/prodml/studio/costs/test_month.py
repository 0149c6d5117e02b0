"""The month's cost by pipeline, of a real job."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from prodml.aws.client import Aws
from prodml.studio.costs.month import month_to_date
from prodml.studio.reader import Reader

from tests.plugins.prodml.studio.conftest import USD_A_SECOND, BilledJob


def test_a_pipeline_costs_what_its_jobs_were_billed(billed: BilledJob) -> None:
    reader = Reader(Aws())
    month = month_to_date(reader, billed.ended + timedelta(seconds=1))
    usd = billed.seconds * USD_A_SECOND
    costs = pytest.approx({"usd": usd, "jobs_usd": usd, "endpoints_usd": 0})
    assert month["pipelines"] == {"churn": costs}
    assert month["start"] <= month["since"]  # of a page of jobs, other tests' among them
    assert month["unpriced"] == []
    assert datetime.fromisoformat(month["start"]).day == 1
    assert reader.calls.total() <= 10
