"""The jobs of this deployment as the page lists them."""

from __future__ import annotations

from datetime import timedelta

from prodml.aws.client import Aws
from prodml.studio.jobs.listing import listing
from prodml.studio.reader import Reader
from prodml.studio.settings import rates

from tests.plugins.prodml.studio.conftest import USD_A_SECOND, BilledJob


def test_an_ended_job_has_its_task_cost_and_page(billed: BilledJob) -> None:
    reader, now = Reader(Aws()), billed.ended + timedelta(seconds=1)
    for _ in range(3):  # the first has one page of what may be a crowded account
        listed = listing(reader, 7, rates(), now=now)
    (job,) = listed["jobs"]
    assert (job["name"], job["kind"], job["status"]) == (billed.name, "ProcessingJob", "Completed")
    assert (job["dag"], job["run"], job["task"]) == ("check_churn_drift", "manual__1", "check")
    assert (job["pipeline"], job["running"], job["seconds"]) == ("churn", False, billed.seconds)
    assert job["usd"] == billed.seconds * USD_A_SECOND
    assert f"/_local/jobs/ProcessingJob/{billed.name}" in job["page"]
    assert listed["since"] == listed["start"]


def test_jobs_are_listed_by_owner(billed: BilledJob) -> None:
    reader, run = Reader(Aws()), {"dag": "check_churn_drift", "run": "manual__1"}
    task = run | {"task": "check", "map_index": -1}
    other = task | {"map_index": 0}
    names = [
        [job["name"] for job in listing(reader, 7, rates(), of)["jobs"]] for of in (task, other)
    ]
    assert names == [[billed.name], []]
