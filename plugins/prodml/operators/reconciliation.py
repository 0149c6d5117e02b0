"""Stop running jobs whose task has ended, so that a killed task does not keep billing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from prodml.aws.errors import DENIED, code_of
from prodml.aws.retries import pages, within
from prodml.aws.tags import by_key
from prodml.exceptions import SweepError
from prodml.jobs.jobs import Jobs
from prodml.jobs.task_state import state_of
from prodml.naming import Identity, deployment_stem, identity_of, owner_key, slugify
from prodml.notifications.outbox import post
from prodml.notifications.run_events import OrphansStopped
from prodml.operators.base import AwsOperator
from prodml.vocabulary import JOBS, JobStatus, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

# A task in one of these states does not run again; in any other state it waits for its job, or will
# adopt it.
OVER = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})
RUN_OVER = frozenset({"success", "failed"})
READERS = 8  # threads that read tags
READING = 60.0  # seconds for reading the tags of all jobs, retries included


class Job(NamedTuple):
    """A running job and the task that owns it."""

    name: str
    created: datetime
    owner: Identity


class StopOrphanedJobsOperator(AwsOperator):
    """
    Stop the running jobs of this deployment whose task has ended, or whose run was deleted.

    Airflow sends no signal when a worker dies, a DAG run times out or a run is deleted. This
    operator reads task states from the execution API, which needs no credentials, and never from
    the database. It leaves alone jobs of other deployments and users, and of tasks that are alive
    or will be retried. Of several jobs of one task, all but the newest are stopped.

    Returns ``{"running", "stopped": [job names]}``. Raises SweepError at the end if it could not
    check or stop some of the jobs.

    :param deployment: The deployment of the jobs' operators; unique among the account's Airflows.
    :param grace: Seconds for which a new job is never stopped.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "grace")

    def __init__(self, *, deployment: str, grace: float | str = 60.0, **kwargs: Any) -> None:
        # No default: two Airflows with the same name would stop each other's jobs.
        super().__init__(deployment=deployment, **kwargs)
        self.grace = grace

    def execute(self, context: Context) -> Json:
        running: list[Job] = []
        stopped: list[str] = []
        missed: dict[str, Exception] = {}
        for jobs in (Jobs(self.aws, kind) for kind in JOBS):
            owned = self._ours(jobs, missed)
            running += owned
            stopped += self._stop_orphans(jobs, owned, missed)
        count = len(running)
        self.log.info(
            "Running jobs of %s: %d; stopped: %s", self.deployment, count, stopped or "none"
        )
        if stopped:
            post(OrphansStopped(jobs=stopped))
        if missed:
            raise SweepError(_summary(missed))
        return {"running": count, "stopped": stopped}

    def _ours(self, jobs: Jobs, missed: dict[str, Exception]) -> list[Job]:
        """Return this deployment's running jobs with their tasks, newest first."""
        owned, named = [], []
        with _excused(missed, f"the list of {jobs.kind.words}s"):
            running = _running(jobs, self.deployment)
            named = [s for s in running if owner_key(s[jobs.kind.name_key])]
        for summary, owner_of in zip(named, _owners(jobs, named), strict=True):
            name = summary[jobs.kind.name_key]
            with _excused(missed, name):
                owner = self._owner(name, owner_of)
                if owner and owner.deployment == self.deployment and owner.key == owner_key(name):
                    owned.append(Job(name, summary["CreationTime"], owner))
        return owned

    def _owner(self, name: str, owner_of: Future[Identity | None]) -> Identity | None:
        """Return whose the job is; one of another team may not be seen."""
        from botocore.exceptions import ClientError

        own = name.startswith(f"{slugify(self.deployment).lower()}-")
        try:
            return owner_of.result()
        except ClientError as error:
            if code_of(error) in DENIED and not own:
                return None
            raise

    def _stop_orphans(
        self, jobs: Jobs, owned: list[Job], missed: dict[str, Exception]
    ) -> Iterator[str]:
        """Stop the jobs that no task waits for; yield their names."""
        seen: set[Identity] = set()
        oldest = datetime.now(UTC) - timedelta(seconds=float(self.grace))
        for job in owned:
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
    """Record an error and continue: one failing job must not keep the others running."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 -- raised at the end of the sweep
        missed[what] = error


def _summary(missed: dict[str, Exception]) -> str:
    reasons = "; ".join(f"{what}: {error}" for what, error in missed.items())
    return f"Could not check or stop {reasons}. The next run tries again."


def _owners(jobs: Jobs, summaries: list[Json]) -> list[Future[Identity | None]]:
    """Read the owner of each job, several at a time, to finish before the next run."""
    list_tags = jobs.client.list_tags  # created here, since creating a client is not thread-safe
    until = time.monotonic() + READING

    def owner(summary: Json) -> Identity | None:
        arn = summary[f"{jobs.kind.noun}Arn"]
        response = within(until - time.monotonic(), list_tags, ResourceArn=arn)
        return identity_of(by_key(response["Tags"]))

    with ThreadPoolExecutor(READERS) as readers:
        return [readers.submit(owner, summary) for summary in summaries]


def _running(jobs: Jobs, deployment: str) -> Iterator[Json]:
    """List running jobs by the beginning of their names; short names have no room for it."""
    kind = jobs.kind
    listed = partial(jobs.call, "list")
    wanted: Json = {"StatusEquals": JobStatus.IN_PROGRESS.value, "MaxResults": 100}
    if kind.has_room:
        wanted["NameContains"] = deployment_stem(deployment)
    for page in pages(listed, SortBy="CreationTime", SortOrder="Descending", **wanted):
        yield from page[f"{kind.noun}Summaries"]


def ended(owner: Identity) -> str | None:
    """Return why no task waits for the job of *owner* any more; None while its task is alive."""
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    state = state_of(owner)
    if state is None:
        return "deleted"
    if state in OVER:
        return f"task {state}"
    if not state:  # cleared, or never scheduled: it runs again only while its run is active
        run = str(RuntimeTaskInstance.get_dagrun_state(owner.dag, owner.run))
        return f"run {run}" if run in RUN_OVER else None
    return None
