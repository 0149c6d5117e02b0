"""Five hundred jobs are watched with a handful of calls."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from prodml.hooks.aws import Aws
from prodml.hooks.jobs import Jobs
from prodml.triggers.watcher import Subscription, Watcher
from prodml.vocabulary import TRAINING

NOW = datetime.now(UTC)


class Account:
    """ListTrainingJobs and DescribeTrainingJob of *running* jobs; no laptop runs five hundred."""

    def __init__(self, running: list[str]) -> None:
        self.running = running
        self.calls: list[str] = []

    def list_training_jobs(self, **request: Any) -> dict[str, Any]:
        self.calls.append("list")
        first = int(request.get("NextToken", 0))
        page = self.running[first : first + request["MaxResults"]]
        found = [
            {"TrainingJobName": n, "TrainingJobStatus": "InProgress", "CreationTime": NOW}
            for n in page
        ]
        more = first + len(page) < len(self.running)
        return {
            "TrainingJobSummaries": found,
            **({"NextToken": str(first + len(page))} if more else {}),
        }

    def describe_training_job(self, TrainingJobName: str) -> dict[str, Any]:  # noqa: N803
        self.calls.append("describe")
        return {
            "TrainingJobStatus": "Completed",
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
        }


@pytest.mark.parametrize(("jobs", "lists"), [(10, 1), (100, 1), (500, 5)])
def test_calls_a_poll(jobs: int, lists: int) -> None:
    names = [f"job-{i}" for i in range(jobs)]
    account = Account(names[1:])
    aws = Aws()
    aws._clients["sagemaker"] = account
    first, *others = asyncio.run(_watch_once(Jobs(aws, TRAINING), names))
    assert first == "Completed"
    assert set(others) == {"InProgress"}
    assert account.calls == ["list"] * lists + ["describe"]


async def _watch_once(jobs: Jobs, names: list[str]) -> list[str]:
    watcher = Watcher.of(jobs)
    subscriptions = [Subscription(name, 30.0, "group", NOW) for name in names]
    for subscription in subscriptions:
        watcher.subscribe(subscription)
    seen = [await asyncio.wait_for(s.seen.get(), 30) for s in subscriptions]
    for subscription in subscriptions:
        watcher.unsubscribe(subscription)
    assert Watcher.of(Jobs(Aws(), TRAINING)) is watcher
    return [str(s["TrainingJobStatus"]) for s in seen if isinstance(s, dict)]
