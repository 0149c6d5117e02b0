"""Run one job per task: started once, waited for without a worker slot, stopped with its task."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import BaseOperatorLink

from prodml.aws.failure_causes import PASSING
from prodml.aws.retries import backoff
from prodml.aws.typed import typed
from prodml.exceptions import JobStoppedError, NoCapacityError
from prodml.jobs.fingerprint import fingerprint
from prodml.jobs.jobs import Jobs
from prodml.jobs.log_follower import Follower
from prodml.jobs.outputs import note, untouched
from prodml.jobs.polling import LIMITS
from prodml.jobs.submission import Start
from prodml.links.job import SageMakerLink
from prodml.naming import request_hash
from prodml.operators.base import AwsOperator, default_deferrable
from prodml.rendered import truth
from prodml.triggers.job import OVERDUE, SageMakerTrigger
from prodml.vocabulary import Json, Kind

if TYPE_CHECKING:
    from airflow.sdk import Context

FIRST_WAIT, LONGEST_WAIT = 60.0, 900.0  # seconds between two requests for capacity


class SageMakerJobOperator(AwsOperator):
    """
    Base of the operators that run one job: create or adopt it, wait, report how it ended.

    The job's name is computed from deployment, DAG, run, task, map index and request, so a retry,
    a clear or a second scheduler finds the job instead of paying for another one. A completed job
    of the same request, from any run, is reused. A job that got no capacity, or met an internal
    error of AWS, is retried after a pause; any other failure fails the task.

    :param config: The create request without the job's name; the operator's other arguments add
        members to it. Its members override the rules of :mod:`prodml.company_rules`; tags are
        merged.
    :param role_arn: The role that the job runs under, unless the config names one.
    :param fresh: Do not reuse a job of another run; a retry still adopts its own job.
    :param instance_types: Further instance types to try in order, if AWS lacks capacity or quota.
    :param capacity_waits: How many times to wait for capacity; each wait is twice as long as the
        one before, up to 15 minutes.
    :param poll_interval: Seconds between two polls in the first minute; later polls are rarer.
    :param follow_logs: Copy the job's log into the task's log while it runs.
    :param deferrable: Wait in the triggerer, without a worker slot.
    """

    kind: ClassVar[Kind]
    reusable: ClassVar[bool] = True  # False: the same request can have another result later
    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "config",
        "role_arn",
        "fresh",
        "instance_types",
        "follow_logs",
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"config": "json"}
    operator_extra_links: Sequence[BaseOperatorLink] = (SageMakerLink(),)

    def __init__(
        self,
        *,
        config: Json,
        role_arn: str | None = None,
        fresh: bool | str = False,
        instance_types: Sequence[str] = (),
        capacity_waits: int = 5,
        poll_interval: float = 1.0,
        follow_logs: bool | str = True,
        deferrable: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.config = config
        self.role_arn = role_arn
        self.fresh = fresh
        self.instance_types = instance_types
        self.capacity_waits = capacity_waits
        self.poll_interval = poll_interval
        self.follow_logs = follow_logs
        self.deferrable = default_deferrable() if deferrable is None else deferrable
        self.job_name: str | None = None
        self._killed = False
        self._until: datetime | None = None  # when execution_timeout is over, deferred or not

    @property
    def jobs(self) -> Jobs:
        return Jobs(self.aws, self.kind)

    def build(self, context: Context) -> Json:
        """Return the create request, without name and tags."""
        raise NotImplementedError

    def prepare(self, context: Context) -> None:
        """Create what a new job needs; not called for a reused job."""

    def outputs(self, description: Json) -> list[str]:
        """Return the S3 addresses of a completed job's outputs."""
        raise NotImplementedError

    def result(self, name: str, description: Json) -> Mapping[str, Any]:
        """Return the task's result, from the description of the completed job."""
        raise NotImplementedError

    def execute(self, context: Context) -> Any:
        limit = self.execution_timeout
        self._until = datetime.now(UTC) + limit if limit else None
        return self._attempt(context, waits=0)

    def _attempt(self, context: Context, waits: int) -> Any:
        request = self._request(context)
        digest = request_hash(self._asked(context, request))
        request["Tags"] = [*request.get("Tags", []), *self.tags(context, digest)]
        start = self._start(context, digest)
        if waits == 0 and (before := start.completed_before()):
            self.log.info("Reusing completed %s %s", self.kind.words, before[0])
            self.link_to(context, self.kind, before[0])
            return self.finish(context, *before)
        self.prepare(context)
        try:
            name = start.job(request)
        except NoCapacityError as error:
            return self._wait_for_room(context, waits, error)
        if self._killed:  # on_kill ran before the job existed, and had nothing to stop
            self.on_kill()
            raise self._killed_with(name)
        self.link_to(context, self.kind, name)
        return self._await(context, name, request, waits)

    def _request(self, context: Context) -> Json:
        return typed(self.sagemaker, f"Create{self.kind.noun}", self.build(context))

    def _asked(self, context: Context, request: Json) -> list[Any]:
        """Return what the job's name is a digest of; a fresh job depends on its run as well."""
        fresh = truth(self.fresh) or not self.reusable
        run = context["ti"].run_id if fresh else None
        return [self.kind.noun, self.fingerprint(request), run]

    def _start(self, context: Context, digest: str) -> Start:
        return Start(
            self.jobs,
            self.identity(context),
            digest,
            list(self.instance_types),
            usable=self._still_there,
            announce=self._remember,
        )

    def _remember(self, name: str) -> None:
        if self._killed:
            raise self._killed_with(name)
        self.job_name = name

    def _still_there(self, description: Json) -> bool:
        return untouched(self.jobs, self.s3, description, self.outputs(description))

    def _await(self, context: Context, name: str, request: Json, waits: int) -> Any:
        # If AWS cannot be reached now, the request still holds the job's limits.
        seen = {key: request[key] for key in LIMITS if key in request} | self.jobs.poll(name)
        identity = self.identity(context)
        if self.deferrable and not self.jobs.settled(seen):
            trigger = SageMakerTrigger.watching(
                self.jobs,
                name,
                seen,
                poll_interval=self.poll_interval,
                group=f"{identity.deployment}.{identity.dag}.{identity.task}",
                follow=truth(self.follow_logs),
                until=self._until,
            )
            self.defer(trigger=trigger, method_name="execute_complete", kwargs=self._state(waits))
        follower = Follower(self.jobs, name, self.log, with_lines=truth(self.follow_logs))
        description = self.jobs.wait(name, self.poll_interval, follower.log_progress)
        follower.log_rest()
        return self._settle(context, name, description, waits)

    def _state(self, waits: int) -> Json:
        """Return what a deferred task resumes with: Airflow restarts its execution_timeout."""
        return {"waits": waits, "until": self._until.isoformat() if self._until else None}

    def execute_complete(
        self, context: Context, event: Json, waits: int = 0, until: str | None = None
    ) -> Any:
        """Resume after the trigger has fired."""
        self._until = datetime.fromisoformat(until) if until else None
        name = self.job_name = event["name"]
        description = self.jobs.describe(name)
        if event["status"] == OVERDUE and not self.jobs.settled(description):
            raise self.jobs.given_up(name)
        return self._settle(context, name, description, waits)

    def execute_again(
        self, context: Context, event: Any = None, waits: int = 0, until: str | None = None
    ) -> Any:
        """Resume after a pause, when AWS may have capacity."""
        self._until = datetime.fromisoformat(until) if until else None
        return self._attempt(context, waits)

    def _settle(self, context: Context, name: str, description: Json, waits: int) -> Any:
        """Return the result, or start the next attempt if the job may be retried."""
        if self._killed:
            raise self._killed_with(name)
        if self.jobs.stopped_by_us(description):
            self.log.info(
                "%s %s was stopped with an earlier try; starting the next attempt",
                self.kind.words,
                name,
            )
            return self._attempt(context, max(waits, 1))
        if self.jobs.cause(description) in PASSING:
            return self._wait_for_room(context, waits, description=description)
        return self.finish(context, name, description)

    def _killed_with(self, name: str) -> JobStoppedError:
        return JobStoppedError(
            f"The task was killed, and {self.kind.words} {name} was stopped. "
            "Clear the task to run the next attempt."
        )

    def _wait_for_room(
        self,
        context: Context,
        waits: int,
        error: NoCapacityError | None = None,
        description: Json | None = None,
    ) -> Any:
        """Retry after a pause, or raise the reason."""
        name = str(self.job_name)
        seconds = backoff(waits, FIRST_WAIT, LONGEST_WAIT)
        if description and not self._is_last_type(context, description):
            seconds = 0.0
        if waits >= self.capacity_waits or self._is_too_late(seconds):
            if error:
                raise error
            return self.finish(context, name, description or {})
        reason = error or (description or {}).get("FailureReason")
        self.log.warning("%s; the next attempt starts in %.0f s", reason, seconds)
        if self.deferrable and seconds:
            from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger

            self.defer(
                trigger=TimeDeltaTrigger(timedelta(seconds=seconds)),
                method_name="execute_again",
                kwargs=self._state(waits + 1),
            )
        time.sleep(seconds)
        return self._attempt(context, waits + (seconds > 0))

    def _is_too_late(self, seconds: float) -> bool:
        end = self._until
        return end is not None and datetime.now(UTC) + timedelta(seconds=seconds) > end

    def _is_last_type(self, context: Context, description: Json) -> bool:
        return self._start(context, "").is_last_type(description, self._request(context))

    def finish(self, context: Context, name: str, description: Json) -> Any:
        completed = self.jobs.completed(name, description)
        note(self.jobs, self.s3, completed, self.outputs(completed))
        return self.result(name, completed)

    def on_kill(self) -> None:
        self._killed = True
        if self.job_name:
            self.jobs.stop(self.job_name, "kill")

    def fingerprint(self, request: Json) -> Any:
        """Return the part of *request* that decides the result, with inputs by content."""
        return fingerprint(self.s3, request)
