"""Keep the jobs of this deployment in memory, read from SageMaker in a few calls a minute.

SageMaker makes a trial component for each training, processing and transform job, and its search
returns a hundred of them with their jobs. Each minute, what was modified since is read; older jobs
follow, a few pages a minute, until the history reaches as far back as a page wants.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from prodml.aws.client import Clients
from prodml.aws.retries import visible, with_retries
from prodml.aws.tags import visible_tags
from prodml.naming import Identity, identity_of, is_own
from prodml.studio.gradually import Gradually
from prodml.studio.jobs.job import BILLED, Job, Place, job_of, source_of
from prodml.studio.reader import KeepingClients, Reader, note_read
from prodml.studio.settings import deployment, root
from prodml.studio.together import concurrently
from prodml.vocabulary import JOBS, TUNING, Json, Kind

MINUTE = 60.0
PAGES = 4  # of a hundred jobs each, a minute
AT_ONCE = 2  # of them in one answer, so that a page shows something soon
OWNERS = 1  # read a minute, of running jobs whose tags the search left out
OF_JOBS = {"Name": "Source.SourceArn", "Operator": "Contains", "Value": "-job/"}
MODIFIED = "LastModifiedTime"
LISTED = tuple(kind for kind in JOBS if kind not in (*BILLED, TUNING))  # not by Search
PARENT = "AutoMLJobArn"  # of a job that AWS started, and named, for an AutoML job
OVERLAP = timedelta(seconds=90)  # read again, as an index is not updated at once


class Known(NamedTuple):
    """Jobs that were modified after *since*; earlier ones are not read yet."""

    jobs: list[Job]
    since: datetime


class Span(NamedTuple):
    """A time whose jobs are still to be read: those modified from *start* until *end*."""

    start: datetime
    end: datetime


@dataclass
class JobHistory:
    """The jobs that were read so far, by ARN, and the spans to read, the newest first.

    :param now: Returns the time in AWS, which limits the searches.
    """

    aws: Clients
    place: Place
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _jobs: dict[str, Job] = field(default_factory=dict, init=False)
    _spans: list[Span] = field(default_factory=list, init=False)
    _wanted: datetime | None = field(default=None, init=False)  # the earliest start of any page
    _start: datetime | None = field(default=None, init=False)
    _end: datetime | None = field(default=None, init=False)
    _next: float = field(default=float("-inf"), init=False)
    _pages: int = field(default=0, init=False)  # that may be read in this minute
    _lock: Any = field(default_factory=threading.Lock, init=False)
    _owners: Gradually[Identity | None] = field(init=False)

    def __post_init__(self) -> None:
        self._owners = Gradually(self._owner, OWNERS, self.clock)

    def since(self, start: datetime, pages: int = PAGES) -> Known:
        """Return the jobs after *start*, as far as they are known; read on, a few pages a minute.

        While another thread reads, what is known already is returned.

        :param pages: How many pages this caller may have read in a minute, of those that all may.
        """
        self._wanted = min(start, self._wanted or start)
        if self._lock.acquire(blocking=self._start is None):
            try:
                self._read_on(self._wanted, pages)
            finally:
                self._lock.release()
        if self._end:
            note_read(self._end)
        reached = max([start, self._start or start, *(span.end for span in self._spans)])
        listed = list(self._jobs.values())
        jobs = [job for job in listed if job.modified >= start or job.running]
        return Known(sorted(jobs, key=lambda job: job.created, reverse=True), reached)

    def _read_on(self, start: datetime, pages: int) -> None:
        most = AT_ONCE if self._jobs else 1  # a page that waits for its first jobs
        if self.clock() >= self._next:
            self._extend(start)
            with concurrently() as reads:
                tuning = reads.start(self._tuning_jobs)
                self._keep_listed()
            self._keep((TUNING, job) for job in tuning.result())
            self._next, self._pages = self.clock() + MINUTE, PAGES
        for _ in range(most):
            if self._spans and self._pages > PAGES - pages:
                self._read()
        self._complete()

    def _complete(self) -> None:
        """Read who owns the running jobs whose tags the search did not return."""
        missing = [job.arn for job in self._jobs.values() if job.running and not job.owner]
        for arn, owner in self._owners.known(missing).items():
            self._jobs[arn] = replace(self._jobs[arn], owner=owner)

    def _owner(self, arn: str) -> Identity | None:
        return identity_of(visible_tags(self.aws.client("sagemaker"), arn))

    def _extend(self, start: datetime) -> None:
        """Plan to read what is new, and what is older than all that was read."""
        end = self.now() + timedelta(seconds=1)
        newest = start if self._end is None else self._end - OVERLAP
        if self._spans and self._spans[0].end == self._end:  # not read, as AWS failed
            newest = self._spans.pop(0).start
        self._spans.insert(0, Span(newest, end))
        if self._start is not None and start < self._start:
            self._spans.append(Span(start, self._start))
        self._start = min(start, self._start or start)
        self._end = end

    def _read(self) -> None:
        """Read a page of the newest span."""
        span = self._spans[0]
        self._pages -= 1
        page = self._components(span)
        sources = (source_of(result["TrialComponent"]) for result in page["Results"])
        self._keep(filter(None, sources))
        self._spans[:1] = _rest(span, page)

    def _keep(self, described: Iterable[tuple[Kind, Json]]) -> None:
        for kind, description in described:
            parent = self._jobs.get(description.get(PARENT, ""))
            if job := job_of(kind, description, self.place, parent.owner if parent else None):
                self._jobs[job.arn] = job

    def _keep_listed(self) -> None:
        """Read the newest jobs of kinds that cannot be searched, whose lists have no tags."""
        for kind in LISTED:
            call = getattr(self.aws.client("sagemaker"), kind.method("list"))
            newest = {"SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": 100}
            summaries = (visible(call, **newest) or {}).get(f"{kind.noun}Summaries", [])
            own = {
                each[f"{kind.noun}Arn"]: each for each in summaries if is_own(each[kind.name_key])
            }
            for arn, owner in self._owners.known(own).items():
                if owner and (job := job_of(kind, own[arn], self.place, owner)):
                    self._jobs[arn] = job

    def _tuning_jobs(self) -> list[Json]:
        """Return the tuning jobs that were modified last."""
        page = self._search("HyperParameterTuningJob")
        return [result["HyperParameterTuningJob"] for result in page["Results"]]

    def _components(self, span: Span) -> Json:
        bounds = [
            {"Name": MODIFIED, "Operator": operator, "Value": f"{at.astimezone(UTC):%FT%T}"}
            for operator, at in (("GreaterThanOrEqualTo", span.start), ("LessThan", span.end))
        ]
        return self._search(
            "ExperimentTrialComponent", SearchExpression={"Filters": [OF_JOBS, *bounds]}
        )

    def _search(self, resource: str, **members: Any) -> Json:
        ordered = {"SortBy": MODIFIED, "SortOrder": "Descending", "MaxResults": 100}
        search = self.aws.client("sagemaker").search
        return dict(with_retries(search, Resource=resource, **ordered, **members))


def _rest(span: Span, page: Json) -> list[Span]:
    """Return what is left of *span* after its newest *page*, by the second."""
    if "NextToken" not in page:
        return []
    oldest: datetime = page["Results"][-1]["TrialComponent"][MODIFIED].replace(microsecond=0)
    end = oldest + timedelta(seconds=1)
    # A page of one second only would be read for ever.
    return [Span(span.start, end if end < span.end.replace(microsecond=0) else oldest)]


@lru_cache(maxsize=4)
def history_of(reader: Reader) -> JobHistory:
    """Return the history of this process that *reader* reads; it keeps no response itself."""
    return JobHistory(KeepingClients(reader, 0.0), Place(deployment(), root()))
