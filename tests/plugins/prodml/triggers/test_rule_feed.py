"""Hundreds of jobs with rules are read in shared calls, and each trigger gets its own lines."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from prodml.aws.client import Aws
from prodml.debugger.rules import NotFinite
from prodml.jobs.examined import Examined
from prodml.jobs.jobs import Jobs
from prodml.triggers.rule_feed import Member, RuleFeed
from prodml.vocabulary import TRAINING

NOW = datetime.now(UTC)
INTERVAL = 0.1  # seconds between two polls, and a tenth of those between two readings


class Account:
    """FilterLogEvents with one line of each job; no laptop runs three hundred."""

    def __init__(self, jobs: list[str], *errors: Exception) -> None:
        at = int(NOW.timestamp() * 1000)
        self._events = [
            {"eventId": name, "logStreamName": f"{name}/algo-1", "timestamp": at, "message": name}
            for name in jobs
        ]
        self._errors = list(errors)
        self.calls = 0

    def filter_log_events(self, **request: Any) -> dict[str, Any]:
        self.calls += 1
        if self._errors:
            raise self._errors.pop(0)
        return {"events": self._events}


def watched(account: Account, names: list[str]) -> list[Member]:
    """Return a member for each job once all have something to take."""

    async def watch() -> list[Member]:
        aws = Aws()
        aws._clients["logs"] = account
        feed = RuleFeed(Jobs(aws, TRAINING))
        members = [Member(name, Examined((NotFinite(),)), NOW, INTERVAL) for name in names]
        for member in members:
            feed.join(member)
        for member in members:
            await asyncio.wait_for(member.news.wait(), 60)
            feed.leave(member)
        return members

    return asyncio.run(watch())


def test_three_hundred_jobs_cost_a_call_for_each_hundred() -> None:
    names = [f"acme-{number}" for number in range(300)]
    account = Account(names)
    members = watched(account, names)
    assert [[line.text for line in member.take()[0]] for member in members] == [[n] for n in names]
    assert account.calls in (3, 4)  # the first hundred may be due again


def test_a_log_that_may_not_be_read_is_a_problem_of_each_task() -> None:
    denied = ClientError({"Error": {"Code": "AccessDeniedException"}}, "FilterLogEvents")
    account = Account([], denied)
    problems = [member.problem for member in watched(account, ["acme-a", "acme-b"])]
    assert all(problem and "AccessDenied" in problem for problem in problems)
    assert account.calls == 1


@pytest.mark.parametrize("error", [EndpointConnectionError(endpoint_url="logs"), KeyError("a")])
def test_log_is_read_again_after_an_error(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Aws, "forget", lambda self: None)  # it has the account of this test
    account = Account(["acme-a"], error)
    (member,) = watched(account, ["acme-a"])
    assert [line.text for line in member.take()[0]] == ["acme-a"]
    assert member.problem is None
    assert account.calls > 1
