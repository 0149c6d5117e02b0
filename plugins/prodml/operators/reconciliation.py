"""Prove that what was killed does not go on billing: stop jobs whose task is no longer there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from prodml.hooks.calls import patiently
from prodml.hooks.jobs import Jobs
from prodml.hooks.states import state_of
from prodml.naming import Identity, identity_of, owner_key
from prodml.operators.base import AwsOperator
from prodml.vocabulary import JOBS, JobStatus, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

# A task in one of these states has had its last word; in any other one it watches its job, or comes
# back to adopt it.
OVER = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})
RUN_OVER = frozenset({"success", "failed"})


class StopOrphanedJobsOperator(AwsOperator):
    """
    Stop the running jobs of this deployment whose task has ended, or whose run was deleted.

    Airflow gives no signal when a worker dies, a DAG run times out or a run is deleted; this sweep
    needs none. It asks Airflow through the task's own execution API, which needs no credentials and
    is the same everywhere, and never its database. A job of another deployment, of somebody else or
    of a task that is alive or will be retried is left alone. Of several jobs of one task only the
    newest is watched; the older ones are stopped.

    Returns ``{"running", "stopped": [job names]}``.

    :param grace: Seconds for which a new job is left alone, whatever is known of its task.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "grace")

    def __init__(self, *, grace: float | str = 60.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.grace = grace

    def execute(self, context: Context) -> Json:
        running, stopped = 0, []
        for kind in JOBS:
            jobs = Jobs(self.aws, kind)
            found = list(self._ours(jobs))
            running += len(found)
            stopped += [name for name, why in self._orphans(found) if jobs.stop(name, why)]
        self.log.info("%d jobs of %s run; stopped: %s", running, self.deployment, stopped or "none")
        return {"running": running, "stopped": stopped}

    def _ours(self, jobs: Jobs) -> Iterator[tuple[str, datetime, Identity]]:
        """Running jobs of this deployment, the newest first, each with its task."""
        for summary in _running(jobs):
            name = summary[jobs.kind.name_key]
            if not (key := owner_key(name)):
                continue
            arn = summary[f"{jobs.kind.noun}Arn"]
            tags = patiently(jobs.client.list_tags, ResourceArn=arn)["Tags"]
            owner = identity_of(tags)
            if owner and owner.deployment == self.deployment and owner.key == key:
                yield name, summary["CreationTime"], owner

    def _orphans(
        self, found: Sequence[tuple[str, datetime, Identity]]
    ) -> Iterator[tuple[str, str]]:
        """Names of jobs that nobody waits for, with why."""
        seen: set[str] = set()
        oldest = datetime.now(UTC) - timedelta(seconds=float(self.grace))
        for name, created, owner in found:
            superseded = owner.key in seen
            seen.add(owner.key)
            if created > oldest:
                continue
            if superseded:
                yield name, "superseded"
            elif why := ended(owner):
                yield name, why


def _running(jobs: Jobs) -> Iterator[Json]:
    kind = jobs.kind
    request: Json = {
        "StatusEquals": JobStatus.IN_PROGRESS.value,
        "SortBy": "CreationTime",
        "SortOrder": "Descending",
        "MaxResults": 100,
    }
    while True:
        page = patiently(getattr(jobs.client, f"{kind.method('list')}s"), **request)
        yield from page[f"{kind.noun}Summaries"]
        if not (token := page.get("NextToken")):
            return
        request["NextToken"] = token


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
