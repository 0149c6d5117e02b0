"""The log of hundreds of jobs costs a call for each hundred, and no line is lost or read twice."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from prodml.aws.shared_log import Inbox, SharedLog, read_rest

from include.local_aws.testing import Server

GROUP = "/aws/sagemaker/TrainingJobs"
NOW = datetime(2026, 5, 6, tzinfo=UTC)
EVERY = 10.0


class Account:
    """FilterLogEvents over the lines of more jobs than a laptop runs; *page* events in a call."""

    def __init__(self, page: int = 10_000) -> None:
        self.events: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self._page = page
        self._ids = count()

    def write(self, job: str, second: float, text: str) -> None:
        at = int((NOW + timedelta(seconds=second)).timestamp() * 1000)
        place = {"logStreamName": f"{job}/algo-1-1", "eventId": str(next(self._ids))}
        self.events.append(place | {"timestamp": at, "message": text})

    def filter_log_events(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        found = [
            event
            for event in sorted(self.events, key=lambda event: event["timestamp"])
            if event["logStreamName"].startswith(request["logStreamNamePrefix"])
            and event["timestamp"] >= request["startTime"]
        ]
        first = int(request.get("nextToken", 0))
        page, rest = found[first : first + self._page], found[first + self._page :]
        return {"events": page, **({"nextToken": str(first + len(page))} if rest else {})}


def joined(log: SharedLog, *names: str, age: float = 0.0) -> list[Inbox]:
    inboxes = [Inbox(name, NOW - timedelta(seconds=age)) for name in names]
    for inbox in inboxes:
        log.join(inbox)
    return inboxes


def read(log: SharedLog, account: Account, now: float) -> int:
    """Read all that is due at the time *now*; return the number of calls."""
    before = len(account.requests)
    while log.read(account, now, EVERY):
        pass
    return len(account.requests) - before


def texts(inbox: Inbox) -> list[str]:
    return [line.text for line in inbox.take()]


def test_five_hundred_jobs_cost_five_calls_in_an_interval() -> None:
    log, account = SharedLog(GROUP), Account()
    names = [f"acme-train-{number}" for number in range(500)]
    inboxes = joined(log, *names)
    for second in range(3):
        for name in names:
            account.write(name, second, f"{name} at {second}")
        assert read(log, account, second * EVERY) == 5
        assert read(log, account, second * EVERY + 4) == 0
        assert [texts(inbox) for inbox in inboxes] == [[f"{name} at {second}"] for name in names]


def test_a_late_line_is_read_once_and_an_old_one_not_again() -> None:
    log, account = SharedLog(GROUP), Account()
    (inbox,) = joined(log, "acme-a")
    account.write("acme-a", 100, "first")
    read(log, account, 0)
    account.write("acme-a", 90, "late")
    account.write("acme-ab", 101, "of another job")
    read(log, account, 10)
    assert texts(inbox) == ["first", "late"]
    assert account.requests[1]["startTime"] == account.events[0]["timestamp"] - 20_000
    read(log, account, 20)
    assert texts(inbox) == []


def test_a_quiet_job_does_not_make_the_log_of_the_others_be_read_again() -> None:
    log, account = SharedLog(GROUP), Account()
    joined(log, "acme-quiet", "acme-busy")
    for second in range(1000):
        account.write("acme-busy", second, "line")
    read(log, account, 0)
    read(log, account, 10)
    assert account.requests[1]["startTime"] == account.events[979]["timestamp"]


def test_after_a_restart_jobs_of_one_age_share_calls() -> None:
    log, account = SharedLog(GROUP), Account()
    for age in range(0, 86_400, 300):  # jobs of a day
        joined(log, f"acme-{age}", age=age)
    assert read(log, account, 0) == 39
    names = sorted(request["startTime"] for request in account.requests)
    assert len(set(names)) == len(names)


def test_a_long_log_does_not_keep_the_others_waiting() -> None:
    log, account = SharedLog(GROUP), Account(page=10)
    old, *_ = joined(log, "acme-old", age=3600)
    for number in range(100):
        account.write("acme-old", number - 3600, str(number))
    assert log.read(account, 0, EVERY)
    (young,) = joined(log, "acme-young")
    account.write("acme-young", 1, "hello")
    assert [log.read(account, 1, EVERY) for _ in range(2)] == [True, True]
    assert texts(young) == ["hello"]
    read(log, account, 1)
    assert texts(old) == [str(number) for number in range(100)]


def test_names_that_do_not_begin_alike_are_read_apart() -> None:
    log, account = SharedLog(GROUP), Account()
    joined(log, "acme-a", "acme-b", "other")
    read(log, account, 0)
    prefixes = {request["logStreamNamePrefix"] for request in account.requests}
    assert prefixes == {"acme-", "other/"}


def test_a_job_that_left_costs_no_call() -> None:
    log, account = SharedLog(GROUP), Account(page=1)
    account.write("acme-a", 0, "1")
    account.write("acme-a", 0, "2")
    (inbox,) = joined(log, "acme-a")
    assert log.read(account, 0, EVERY)
    log.leave(inbox)
    assert not log.read(account, 0, EVERY)
    read_rest(account, GROUP, inbox)
    assert texts(inbox) == ["1", "2"]


def test_streams_of_the_embedded_aws(server: Server, unique: str) -> None:
    logs, group, now = server.client("logs"), f"/{unique}", int(time.time() * 1000)
    inbox, log = Inbox(unique, datetime.now(UTC) - timedelta(hours=1)), SharedLog(group)
    log.join(inbox)
    assert log.read(logs, 0, EVERY)  # before the first job has written
    logs.create_log_group(logGroupName=group)
    for host in ("algo-1", "algo-2"):
        place = {"logGroupName": group, "logStreamName": f"{unique}/{host}-1"}
        logs.create_log_stream(**place)
        logs.put_log_events(**place, logEvents=[{"timestamp": now, "message": host}])
    assert log.read(logs, EVERY, EVERY)
    assert sorted(texts(inbox)) == ["algo-1", "algo-2"]
