"""Prove that what was killed does not go on billing: stop jobs whose task is no longer there."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from prodml.aws.retries import pages, within
from prodml.aws.tags import by_key
from prodml.exceptions import SweepError
from prodml.jobs.jobs import Jobs
from prodml.jobs.task_state import state_of
from prodml.naming import Identity, identity_of, owner_key
from prodml.operators.base import AwsOperator
from prodml.vocabulary import JOBS, JobStatus, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

# A task in one of these states has had its last word; in any other one it watches its job, or comes
# back to adopt it.
OVER = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})
RUN_OVER = frozenset({"success", "failed"})
READERS = 8  # tags that are read at a time
READING = 60.0  # seconds for which tags are asked for again while AWS is busy, all jobs together


class Job(NamedTuple):
    """A running job, and the task that it belongs to."""

    name: str
    created: datetime
    owner: Identity


class StopOrphanedJobsOperator(AwsOperator):
    """
    Stop the running jobs of this deployment whose task has ended, or whose run was deleted.

    Airflow gives no signal when a worker dies, a DAG run times out or a run is deleted; this sweep
    needs none. It asks Airflow through the task's own execution API, which needs no credentials and
    is the same everywhere, and never its database. A job of another deployment, of somebody else or
    of a task that is alive or will be retried is left alone. Of several jobs of one task only the
    newest is watched; the older ones are stopped.

    Returns ``{"running", "stopped": [job names]}``. Raises SweepError at its end for what it could
    not look at or not stop.

    :param deployment: The name that the jobs' operators have, and no other Airflow of the account.
    :param grace: Seconds for which a new job is left alone, whatever is known of its task.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "grace")

    def __init__(self, *, deployment: str, grace: float | str = 60.0, **kwargs: Any) -> None:
        # Without a default: another Airflow that had the same one would lose its jobs.
        super().__init__(deployment=deployment, **kwargs)
        self.grace = grace

    def execute(self, context: Context) -> Json:
        running: list[Job] = []
        stopped: list[str] = []
        missed: dict[str, Exception] = {}
        for jobs in (Jobs(self.aws, kind) for kind in JOBS):
            found = self._ours(jobs, missed)
            running += found
            stopped += self._stop_orphans(jobs, found, missed)
        count = len(running)
        self.log.info("%d jobs of %s run; stopped: %s", count, self.deployment, stopped or "none")
        if missed:
            raise SweepError(_told(missed))
        return {"running": count, "stopped": stopped}

    def _ours(self, jobs: Jobs, missed: dict[str, Exception]) -> list[Job]:
        """Running jobs of this deployment, the newest first, each with its task."""
        found, named = [], []
        with _excused(missed, f"the list of {jobs.kind.words}s"):
            named = [s for s in _running(jobs) if owner_key(s[jobs.kind.name_key])]
        for summary, owner_of in zip(named, _owners(jobs, named), strict=True):
            name = summary[jobs.kind.name_key]
            with _excused(missed, name):
                owner = owner_of.result()
                if owner and owner.deployment == self.deployment and owner.key == owner_key(name):
                    found.append(Job(name, summary["CreationTime"], owner))
        return found

    def _stop_orphans(
        self, jobs: Jobs, found: list[Job], missed: dict[str, Exception]
    ) -> Iterator[str]:
        """Stop those that nobody waits for; their names."""
        seen: set[Identity] = set()
        oldest = datetime.now(UTC) - timedelta(seconds=float(self.grace))
        for job in found:
            superseded = job.owner in seen
            seen.add(job.owner)
            if job.created > oldest:
                continue
            with _excused(missed, job.name):
                why = "superseded" if superseded else ended(job.owner)
                if why and jobs.stop(job.name, why):
                    yield job.name


@contextmanager
def _excused(missed: dict[str, Exception], what: str) -> Iterator[None]:
    """Note an error and go on: trouble with one job is no reason to leave the others."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 -- raised at the end of the sweep
        missed[what] = error


def _told(missed: dict[str, Exception]) -> str:
    reasons = "; ".join(f"{what}: {error}" for what, error in missed.items())
    return f"The sweep could not deal with {reasons}. The next sweep tries again."


def _owners(jobs: Jobs, summaries: list[Json]) -> list[Future[Identity | None]]:
    """Whose they are, several asked at a time: a sweep must be over before the next one."""
    list_tags = jobs.client.list_tags  # the client is made here: that is not safe in threads
    until = time.monotonic() + READING

    def owner(summary: Json) -> Identity | None:
        arn = summary[f"{jobs.kind.noun}Arn"]
        found = within(until - time.monotonic(), list_tags, ResourceArn=arn)
        return identity_of(by_key(found["Tags"]))

    with ThreadPoolExecutor(READERS) as readers:
        return [readers.submit(owner, summary) for summary in summaries]


def _running(jobs: Jobs) -> Iterator[Json]:
    kind = jobs.kind
    listed = partial(jobs.call, "list")
    wanted: Json = {"StatusEquals": JobStatus.IN_PROGRESS.value, "MaxResults": 100}
    for page in pages(listed, SortBy="CreationTime", SortOrder="Descending", **wanted):
        yield from page[f"{kind.noun}Summaries"]


def ended(owner: Identity) -> str | None:
    """Why nobody waits for the job of *owner* any more; None while its task is alive."""
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    state = state_of(owner)
    if state is None:
        return "deleted"
    if state in OVER:
        return f"task {state}"
    if not state:  # cleared, or never scheduled: it comes back only as long as its run lives
        run = str(RuntimeTaskInstance.get_dagrun_state(owner.dag, owner.run))
        return f"run {run}" if run in RUN_OVER else None
    return None
