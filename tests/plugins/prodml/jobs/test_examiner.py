"""Rules over the log of a running job: read again after a restart, at a bounded rate."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.debugger.rules import LossNotDecreasing, LowUse
from prodml.jobs.examined import Examined
from prodml.jobs.examiner import Examiner, reading_interval
from prodml.jobs.jobs import Jobs
from prodml.jobs.log_follower import EVERY
from prodml.vocabulary import TRAINING

from include.local_aws.testing import Server

LOSS = [{"Name": "loss", "Regex": "loss=([0-9.]+)"}]
RULES = (LossNotDecreasing("loss", stop=True), LowUse())
log = logging.getLogger(__name__)


@pytest.fixture(name="job")
def _job(server: Server, unique: str) -> str:
    """Write the log of a job, half of it an hour ago."""
    logs, group = server.client("logs"), TRAINING.log_group
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        logs.create_log_group(logGroupName=group)
    place = {"logGroupName": group, "logStreamName": f"{unique}/algo-1-1"}
    logs.create_log_stream(**place)
    now = int(time.time() * 1000)
    events = [
        {"timestamp": now - (3_600_000 if n < 10 else 1000) + n, "message": f"loss=0.7 of {n}"}
        for n in range(20)
    ]
    logs.put_log_events(**place, logEvents=events)
    return unique


def examiner(job: str, since: datetime | None = None, poll_interval: float = 1.0) -> Examiner:
    examined = Examined(RULES, LOSS, {"InstanceType": "ml.m5.large", "InstanceCount": 1})
    arguments: Any = {"examined": examined, "poll_interval": poll_interval, "since": since}
    return Examiner(Jobs(Aws(), TRAINING), job, log, **arguments)


def test_a_finding_is_logged_at_once_with_what_to_do(
    job: str, caplog: pytest.LogCaptureFixture
) -> None:
    reader = examiner(job)
    assert len(reader.lines()) == 20
    (line,) = [record.getMessage() for record in caplog.records if record.name == __name__]
    assert line.startswith("Rule LossNotDecreasing: loss is 0.7 after 13 reports")
    assert "Lower the learning rate" in line
    assert any("was not stopped" in record.getMessage() for record in caplog.records)
    assert reader.lines() == []  # too early to read again


def test_after_a_restart_rules_see_the_whole_log_and_the_task_only_new_lines(
    job: str, caplog: pytest.LogCaptureFixture
) -> None:
    reader = examiner(job, since=datetime.now(UTC) - timedelta(minutes=1))
    assert len(reader.rest()) == 10
    assert any("after 13 reports" in record.getMessage() for record in caplog.records)
    assert not any("was not stopped" in record.getMessage() for record in caplog.records)


def test_a_short_poll_interval_shortens_that_of_reading() -> None:
    assert reading_interval(30.0) == EVERY
    assert reading_interval(0.1) == 1.0
