"""Five hundred jobs are watched with a handful of calls, whenever they come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from prodml.aws.client import Aws
from prodml.jobs.jobs import Jobs
from prodml.triggers.subscription import FOLLOWED, NEWEST, Subscription
from prodml.triggers.watcher import BUDGET, Watcher
from prodml.vocabulary import TRAINING

DENIED = ClientError({"Error": {"Code": "AccessDeniedException"}}, "ListTrainingJobs")
NOW = datetime.now(UTC)
OLD = NOW - timedelta(hours=1)


class Account:
    """ListTrainingJobs and DescribeTrainingJob of *running* jobs; no laptop runs five hundred."""

    def __init__(self, running: list[str], *errors: Exception) -> None:
        self.running = running
        self.errors = list(errors)  # of the first calls
        self.calls: list[str] = []

    def list_training_jobs(self, **request: Any) -> dict[str, Any]:
        self._note("list")
        first = int(request.get("NextToken", 0))
        shown = [name for name in self.running if request.get("NameContains", "") in name]
        page = shown[first : first + request["MaxResults"]]
        summaries = [
            {"TrainingJobName": n, "TrainingJobStatus": "InProgress", "CreationTime": OLD}
            for n in page
        ]
        more = first + len(page) < len(shown)
        return {
            "TrainingJobSummaries": summaries,
            **({"NextToken": str(first + len(page))} if more else {}),
        }

    def describe_training_job(self, TrainingJobName: str) -> dict[str, Any]:  # noqa: N803
        self._note(TrainingJobName)
        runs = TrainingJobName in self.running
        return {
            "TrainingJobStatus": "InProgress" if runs else "Completed",
            "SecondaryStatus": "Training",
            "FinalMetricDataList": [{"MetricName": "auc", "Value": 0.9}],
            "CreationTime": OLD,
            "LastModifiedTime": NOW,
        }

    def _note(self, call: str) -> None:
        self.calls.append(call)
        if self.errors:
            raise self.errors.pop(0)

    def counted(self) -> tuple[int, int]:
        """List calls, and describe calls."""
        lists = self.calls.count("list")
        return lists, len(self.calls) - lists


Seen = Callable[[list[Subscription]], Coroutine[Any, Any, None]]


async def _each_once(subscriptions: list[Subscription]) -> None:
    for subscription in subscriptions:
        await asyncio.wait_for(subscription.seen.get(), 30)


def _watch(account: Account, subscriptions: Callable[[], list[Subscription]], until: Seen) -> None:
    """Watch *subscriptions*, all of which come at once, until *until* has seen enough."""

    async def watch() -> None:
        watcher = Watcher.of(_jobs(account))
        wanted = subscriptions()
        for subscription in wanted:
            watcher.subscribe(subscription)
        try:
            await until(wanted)
        finally:
            for subscription in wanted:
                watcher.unsubscribe(subscription)

    asyncio.run(watch())


def _jobs(account: Account, connection: str = "aws_default") -> Jobs:
    aws = Aws(connection)
    aws._clients["sagemaker"] = account
    return Jobs(aws, TRAINING)


def _many(names: list[str], **arguments: Any) -> Callable[[], list[Subscription]]:
    given: dict[str, Any] = {"poll_interval": 30.0, "group": "g", "created": OLD} | arguments

    def subscriptions() -> list[Subscription]:
        made = [Subscription(name, **given) for name in names]
        for subscription in made:
            subscription.due = made[-1].due  # a busy machine may take long between two of them
        return made

    return subscriptions


@pytest.mark.parametrize(("jobs", "lists"), [(10, 1), (100, 1), (500, 5)])
def test_calls_of_a_poll(jobs: int, lists: int) -> None:
    names = [f"job-{i}" for i in range(jobs)]
    account = Account(names[1:])
    _watch(account, _many(names), _each_once)
    assert account.calls == ["list"] * lists + [names[0]]


def test_many_that_come_one_after_another_cost_a_call_a_second() -> None:
    names = [f"job-{i}" for i in range(200)]
    account = Account(names)

    async def come() -> float:
        watcher = Watcher.of(_jobs(account))
        began, wanted = time.monotonic(), []
        for name in names:
            wanted.append(Subscription(name, 1.0, "g", OLD))
            watcher.subscribe(wanted[-1])
            await asyncio.sleep(0.02)
        await _each_once(wanted)
        for subscription in wanted:
            watcher.unsubscribe(subscription)
        return time.monotonic() - began

    took = asyncio.run(come())
    assert len(account.calls) <= took + 3


def test_a_young_job_is_described_alone_among_many_old_ones() -> None:
    old, young = [f"job-{i}" for i in range(150)], "job-young"
    account = Account([*old, young])

    def subscriptions() -> list[Subscription]:
        one = Subscription(young, 0.1, "h", datetime.now(UTC))
        return [*_many(old)(), one]

    async def five_polls(wanted: list[Subscription]) -> None:
        for _ in range(5):
            await asyncio.wait_for(wanted[-1].seen.get(), 30)

    _watch(account, subscriptions, five_polls)
    assert account.counted()[0] == 2
    assert set(account.calls) == {"list", young}


def test_jobs_of_others_are_not_listed() -> None:
    names = [f"mine-{i}" for i in range(10)]
    account = Account([f"theirs-{i}" for i in range(900)] + names)
    _watch(account, _many(names), _each_once)
    assert account.calls == ["list"]


def test_where_listing_is_denied_each_is_described() -> None:
    names = [f"job-{i}" for i in range(10)]
    account = Account(names, DENIED)

    async def twice(wanted: list[Subscription]) -> None:
        await _each_once(wanted)
        await _each_once(wanted)

    _watch(account, _many(names, poll_interval=0.1, created=datetime.now(UTC)), twice)
    lists, described = account.counted()
    assert (lists, described >= 20) == (1, True)


@pytest.mark.parametrize("error", [EndpointConnectionError(endpoint_url="sts"), KeyError("Status")])
def test_jobs_are_seen_after_an_error_of_a_poll(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Aws, "forget", lambda self: None)  # it has the account of this test
    names = [f"job-{i}" for i in range(10)]
    account = Account(names, error)
    _watch(account, _many(names, poll_interval=0.1), _each_once)
    assert account.calls[:2] == ["list", "list"]


def test_error_of_one_job_goes_to_its_own_trigger() -> None:
    gone = ClientError({"Error": {"Code": "ValidationException"}}, "DescribeTrainingJob")

    async def raises(wanted: list[Subscription]) -> None:
        assert await asyncio.wait_for(wanted[0].seen.get(), 30) is gone

    _watch(Account(["job-0"], gone), _many(["job-0"]), raises)


def test_two_connections_do_not_mix() -> None:
    here, there = Account(["job-1"]), Account([])

    async def watch() -> None:
        for jobs, expected in (
            (_jobs(here, "here"), "InProgress"),
            (_jobs(there, "t"), "Completed"),
        ):
            subscription = Subscription("job-1", 0.1, "g", OLD)
            watcher = Watcher.of(jobs)
            watcher.subscribe(subscription)
            seen: Any = await asyncio.wait_for(subscription.seen.get(), 30)
            watcher.unsubscribe(subscription)
            assert seen["TrainingJobStatus"] == expected

    asyncio.run(watch())


def test_followed_jobs_are_described_in_turn_within_the_budget() -> None:
    """The metrics of the newest twenty of 150 jobs arrive, with at most six calls per poll."""
    names = [f"job-{i:03}" for i in range(150)]
    account = Account(names)

    def subscriptions() -> list[Subscription]:
        young = datetime.now(UTC) - timedelta(seconds=5)
        ages = [young + timedelta(milliseconds=i) for i in range(len(names))]
        return [
            Subscription(name, 0.1, "g", created, follow=True)
            for name, created in zip(names, ages, strict=True)
        ]

    async def until_all_have_metrics(wanted: list[Subscription]) -> None:
        assert {s.name for s in NEWEST} == set(names[-FOLLOWED:])
        while not all(s.described for s in wanted[-FOLLOWED:]):
            await asyncio.sleep(0.01)

    _watch(account, subscriptions, until_all_have_metrics)
    described = [name for name in account.calls if name != "list"]
    assert sorted(described) == names[-FOLLOWED:]
    polls = "".join("l" if call == "list" else "d" for call in account.calls).split("ll")
    assert max(map(len, polls)) == BUDGET - 2
