"""The lines of a job in the log of its task, and rules that see them also where none is copied."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.debugger.rules import NotFinite
from prodml.jobs.examined import Examined
from prodml.jobs.examiner import Examiner
from prodml.jobs.jobs import Jobs
from prodml.jobs.log_follower import Follower
from prodml.triggers.log_copy import JudgedLog, LogCopy, log_copy
from prodml.triggers.rule_feed import Member, RuleFeed
from prodml.vocabulary import TRAINING

from tests.plugins.answers import Answers

NOW = datetime.now(UTC)
LOSS = [{"Name": "loss", "Regex": "loss=([0-9.]+)"}]
log = logging.getLogger(__name__)


def event(text: str) -> dict[str, Any]:
    at = int(NOW.timestamp() * 1000) + 1
    stream = "acme/algo-1"
    return {"eventId": text, "logStreamName": stream, "timestamp": at, "message": text}


class Feed(RuleFeed):
    """A feed whose only member gets what a test gives."""

    member: Member | None = None

    def join(self, member: Member) -> None:
        self.member = member

    def leave(self, member: Member) -> None:
        self.member = None

    async def give(self, text: str, problem: str | None = None) -> None:
        """Give the member a line or a problem, and wait until it has taken it."""
        assert self.member
        if text:
            self.member.inbox.add(event(text))
        self.member.problem = problem
        self.member.news.set()
        while self.member.inbox or self.member.problem:
            await asyncio.sleep(0.001)


class Printed(Follower):
    """A follower of a job with one new line and two last ones."""

    def lines(self) -> list[str]:
        return ["new"]

    def rest(self) -> list[str]:
        return ["last", "100 %"]


def _jobs(*rest: str) -> Jobs:
    aws = Aws()
    aws._clients["logs"] = Answers(filter_log_events={"events": [event(text) for text in rest]})
    return Jobs(aws, TRAINING)


@pytest.fixture(name="logged")
def _logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, logger=__name__):
        yield caplog


def messages(logged: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in logged.records if record.name == __name__]


@pytest.mark.parametrize(("wanted", "lines"), [(True, ["new", "last", "100 %"]), (False, [])])
def test_lines_are_copied_while_they_are_wanted(
    logged: pytest.LogCaptureFixture, wanted: bool, lines: list[str]
) -> None:
    async def copy() -> None:
        copying = LogCopy(Printed(_jobs(), "acme", log), lambda: wanted)
        await copying.update()
        await copying.finish()
        copying.close()

    asyncio.run(copy())
    assert messages(logged) == lines


def judged(*steps: tuple[str, str | None], wanted: bool, rest: str) -> Coroutine[Any, Any, None]:
    """Give a judged log some lines or problems, then the *rest* of the job."""

    async def judge() -> None:
        jobs = _jobs(rest)
        feed = Feed(jobs)
        examined = Examined((NotFinite(),), LOSS)
        examiner = Examiner(jobs, "acme", log, examined=examined, poll_interval=0.1)
        copying = log_copy(examiner, lambda: wanted, feed, NOW)
        assert isinstance(copying, JudgedLog)
        for text, problem in steps:
            await feed.give(text, problem)
            await copying.update()
        await copying.finish()
        assert feed.member is None

    return judge()


def test_rules_see_lines_at_once_and_all_lines_are_copied(logged: pytest.LogCaptureFixture) -> None:
    asyncio.run(judged(("loss=nan", None), wanted=True, rest="done"))
    finding, *lines = messages(logged)
    assert finding.startswith("Rule NotFinite: loss is nan")
    assert lines == ["loss=nan", "done"]


def test_rules_see_lines_that_are_not_copied(logged: pytest.LogCaptureFixture) -> None:
    asyncio.run(judged(("loss=nan", None), wanted=False, rest="loss=nan again"))
    (finding,) = messages(logged)
    assert finding.startswith("Rule NotFinite: loss is nan")


def test_a_log_that_may_not_be_read_is_reported_once(logged: pytest.LogCaptureFixture) -> None:
    asyncio.run(judged(("", "Rules cannot read the log: no"), wanted=True, rest="done"))
    warning, line = messages(logged)
    assert warning.startswith("Rules cannot read the log: no. Allow logs:FilterLogEvents.")
    assert line == "done"


def test_a_cancelled_trigger_leaves_the_feed() -> None:
    async def cancel() -> None:
        feed = Feed(_jobs())
        examined = Examined((NotFinite(),))
        examiner = Examiner(_jobs(), "acme", log, examined=examined, poll_interval=0.1)
        copying = log_copy(examiner, lambda: True, feed, NOW)
        copying.close()
        assert feed.member is None

    asyncio.run(cancel())


def test_a_job_without_rules_is_copied_without_the_feed() -> None:
    feed = Feed(_jobs())
    copying = log_copy(Printed(_jobs(), "acme", log), lambda: True, feed, NOW)
    assert type(copying) is LogCopy
    assert feed.member is None
