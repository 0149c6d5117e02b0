"""The history of jobs is read in a few calls a minute, however long it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prodml.jobs.billing import Rates
from prodml.studio.costs import month
from prodml.studio.jobs.history import JobHistory
from prodml.studio.jobs.job import Place
from prodml.studio.reader import oldest_read

from tests.plugins.prodml.studio.jobs.searched import NOON, OWNER, Account, training_job

MONTH = NOON - timedelta(days=28)
PLACE = Place("acme", "s3://acme-models")


class Times:
    """Times that a test sets: the minutes that have passed."""

    minutes = 0

    def clock(self) -> float:
        return 60.0 * self.minutes


def _history(account: Account, times: Times) -> JobHistory:
    return JobHistory(account, PLACE, times.clock, lambda: NOON + timedelta(minutes=times.minutes))


def test_a_long_history_is_read_in_several_minutes() -> None:
    account = Account([training_job(n, NOON - timedelta(hours=n)) for n in range(600)])
    times = Times()
    history = _history(account, times)
    known = history.since(MONTH)
    assert (len(known.jobs), account.calls["search"]) == (100, 2), "a page of jobs, soon"
    assert known.since > MONTH
    for _ in range(3):
        known = history.since(MONTH)
    assert account.calls["search"] == 5, "no more in one minute"
    while known.since > MONTH:
        times.minutes += 1
        for _ in range(2):
            known = history.since(MONTH)
    assert (len(known.jobs), times.minutes) == (600, 1)
    before = account.calls["search"]
    times.minutes += 1
    history.since(MONTH)
    assert account.calls["search"] == before + 2, "the tuning jobs, and what is new"


def test_a_page_with_other_calls_has_fewer_pages_read() -> None:
    account = Account([training_job(n, NOON - timedelta(hours=n)) for n in range(600)])
    history = _history(account, Times())
    for _ in range(3):
        history.since(MONTH, pages=1)
    assert account.calls["search"] == 2, "the tuning jobs, and one page"
    assert len(history.since(MONTH).jobs) > 100, "another page may have more of them"


def test_the_models_page_alone_reads_the_whole_month_in_the_end() -> None:
    account = Account([training_job(n, NOON - timedelta(hours=n)) for n in range(600)])
    times = Times()
    history = _history(account, times)
    for times.minutes in range(8):
        known = history.since(MONTH, month.PAGES)
    assert (len(known.jobs), known.since) == (600, MONTH)


def test_a_job_that_ended_replaces_the_running_one() -> None:
    running = training_job(1, NOON, TrainingJobStatus="InProgress")
    account, times = Account([running]), Times()
    history = _history(account, times)
    assert [job.running for job in history.since(MONTH).jobs] == [True]
    account.jobs = [training_job(1, NOON + timedelta(seconds=50))]
    times.minutes = 1
    assert [job.running for job in history.since(MONTH).jobs] == [False]


def test_older_jobs_are_read_once_a_page_asks_for_them() -> None:
    account, times = Account([training_job(1, NOON), training_job(2, MONTH)]), Times()
    history = _history(account, times)
    assert len(history.since(NOON - timedelta(days=1)).jobs) == 1
    assert history.since(MONTH).since == NOON - timedelta(days=1), "not read before a minute"
    times.minutes = 1
    assert len(history.since(MONTH).jobs) == 2
    assert len(history.since(NOON - timedelta(days=1)).jobs) == 1


def test_older_jobs_are_read_though_another_page_begins_each_minute() -> None:
    account, times = Account([training_job(1, NOON), training_job(2, MONTH)]), Times()
    history, yesterday = _history(account, times), NOON - timedelta(days=1)
    for times.minutes in range(2):
        history.since(yesterday)
        known = history.since(MONTH)
    assert (len(known.jobs), known.since) == (2, MONTH)


def test_an_answer_without_a_call_has_the_time_of_the_last_one() -> None:
    long_ago = NOON - timedelta(days=900)
    history = JobHistory(Account([]), PLACE, Times().clock, lambda: long_ago)
    history.since(long_ago)
    with oldest_read() as oldest:
        history.since(long_ago)
    assert oldest.moment == long_ago + timedelta(seconds=1)


def test_more_jobs_of_one_second_than_a_page_has_do_not_stop_the_history() -> None:
    account = Account([training_job(n, NOON) for n in range(3)], page=2)
    history = _history(account, Times())
    assert len(history.since(MONTH).jobs) == 2, "a search returns no more of one second"
    assert history.since(MONTH).since == MONTH


def test_a_failure_of_aws_leaves_no_gap() -> None:
    account, times = Account([training_job(1, NOON)]), Times()
    history = _history(account, times)
    history.since(MONTH)
    account.jobs.append(training_job(2, NOON + timedelta(minutes=1)))
    account.failing = True
    for times.minutes in (1, 2, 3, 4):
        with pytest.raises(TimeoutError):
            history.since(MONTH)
    account.failing, times.minutes = False, 5
    assert len(history.since(MONTH).jobs) == 2


def test_the_owner_of_a_running_job_without_tags_in_the_search_is_read() -> None:
    running = training_job(1, NOON, TrainingJobStatus="InProgress", Tags=[])
    account = Account([running])
    (job,) = _history(account, Times()).since(MONTH).jobs
    assert job.owner
    assert job.owner.task == "train"
    assert account.calls["list_tags"] == 1


def test_a_job_that_an_automl_job_started_has_its_owner() -> None:
    parent, before = training_job(1, NOON), NOON - timedelta(seconds=1)
    child = training_job(2, before, TrainingJobName="aws-chose-this", Tags=[])
    child["AutoMLJobArn"] = parent["TrainingJobArn"]
    account = Account([parent, child, training_job(3, before, TrainingJobName="other", Tags=[])])
    jobs = _history(account, Times()).since(MONTH).jobs
    assert {job.name for job in jobs} == {parent["TrainingJobName"], "aws-chose-this"}
    assert {job.owner for job in jobs} == {OWNER}


def test_an_automl_job_is_listed_with_the_owner_in_its_tags() -> None:
    name = "retr-417-automl-0a1b2c3d-0a1b2c"
    summary = {
        "AutoMLJobName": name,
        "AutoMLJobArn": f"arn:aws:sagemaker:us-east-1:000000000000:automl-job/{name}",
        "AutoMLJobStatus": "InProgress",
        "AutoMLJobSecondaryStatus": "TrainingModels",
        "CreationTime": NOON,
    }
    account = Account([])
    account.automl = [summary, summary | {"AutoMLJobName": "of-a-colleague"}]
    (job,) = _history(account, Times()).since(MONTH).jobs
    assert (job.name, job.owner, job.progress) == (name, OWNER, "TrainingModels")
    assert (job.started, job.usd(Rates({}), NOON)) == (NOON, 0.0), "the jobs that it starts cost"
