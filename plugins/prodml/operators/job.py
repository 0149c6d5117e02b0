"""Drive one attempt at a job through the states of :mod:`prodml.jobs.attempt`, for one task.

Read that file first. Here each state becomes calls of AWS and Airflow: the request is built once, a
task that waits defers to a trigger or a timer and resumes from there, a kill stops the job.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from prodml.aws.retries import backoff
from prodml.aws.typed import typed
from prodml.jobs import attempt
from prodml.jobs.examined import rule_in
from prodml.jobs.log_follower import follow
from prodml.jobs.outputs import note
from prodml.jobs.polling import stated_limits
from prodml.jobs.submission import completed_before, submit
from prodml.naming import request_hash
from prodml.operators.job_definition import JobDefinition
from prodml.rendered import truth
from prodml.triggers.job import OVERDUE, SageMakerTrigger
from prodml.vocabulary import Json

if TYPE_CHECKING:
    from airflow.sdk import Context

FIRST_WAIT, LONGEST_WAIT = 60.0, 900.0  # seconds between two requests for capacity


class SageMakerJobOperator(JobDefinition):
    """
    Base of the operators that run one job: create or adopt it, wait, report how it ended.

    The job's name is computed from deployment, DAG, run, task, map index and request, so a retry,
    a clear or a second scheduler finds the job instead of paying for another one. A completed job
    of the same request, from any run, is reused. A job that got no capacity, or met an internal
    error of AWS, is retried after a pause; any other failure fails the task.
    """

    job_name: str | None = None
    _killed = False
    _request: attempt.Request | None = None
    _until: datetime | None = None  # when execution_timeout is over, deferred or not

    def execute(self, context: Context) -> Any:
        limit = self.execution_timeout
        self._until = datetime.now(UTC) + limit if limit else None
        self._request = None
        return self._drive(context, attempt.Requested())

    def _drive(self, context: Context, state: attempt.State) -> Any:
        """Take the attempt from *state* to its end, and return the task's result."""
        while True:
            match state:
                case attempt.Requested():
                    state = self._prepare_or_reuse(context, state)
                case attempt.Submitting():
                    state = self._submit(context, state)
                case attempt.Superseded():
                    self.log.info("%s; starting the next attempt", state.reason)
                    state = state.then
                case attempt.Running():
                    state = self._watch(context, state)
                case attempt.NoRoom():
                    patience = attempt.Patience(self.capacity_waits, self._until)
                    pause = backoff(state.waits, FIRST_WAIT, LONGEST_WAIT)
                    state = state.next(self.request(context), patience, pause, datetime.now(UTC))
                case attempt.WaitingForRoom():
                    state = self._pause(state)
                case attempt.Unsubmitted():
                    raise state.error
                case attempt.Finished() | attempt.Failed():
                    return self.finish(context, state.job.name, state.job.description)

    def request(self, context: Context) -> attempt.Request:
        """Return what the task asks for, built once in each process that works on it."""
        if self._request is None:
            members = typed(self.sagemaker, self.kind.create_operation, self.build(context))
            is_fresh = truth(self.fresh) or not self.reusable
            run = context["ti"].run_id if is_fresh else None  # makes the name one of this run
            digest = request_hash([self.kind.noun, self.fingerprint(members), run])
            members["Tags"] = [*members.get("Tags", []), *self.tags(context, digest)]
            named = (self.kind, self.identity(context), digest)
            self._request = attempt.Request(*named, members, list(self.instance_types))
        return self._request

    def _prepare_or_reuse(self, context: Context, state: attempt.Requested) -> attempt.State:
        request = self.request(context)
        if state.may_reuse and (before := completed_before(self.jobs, request, self.is_usable)):
            self.log.info("Reusing completed %s %s", self.kind.words, before.name)
            self.link_to(context, self.kind, before.name)
            return state.reused(before)
        self.prepare(context)
        return state.prepared()

    def _submit(self, context: Context, state: attempt.Submitting) -> attempt.State:
        request = self.request(context)
        name = request.name(state.number)
        if self._killed:
            raise self.jobs.killed(name)
        self.job_name = name  # before the job exists, so that on_kill can stop it
        next_state = submit(self.jobs, request, state, self.is_usable)
        if self._killed:  # on_kill ran before the job existed, and had nothing to stop
            self.on_kill()
            raise self.jobs.killed(name)
        if isinstance(next_state, attempt.Running):
            self.link_to(context, self.kind, name)
        return next_state

    def _watch(self, context: Context, state: attempt.Running) -> attempt.State:
        request, with_lines = self.request(context), truth(self.follow_logs)
        seen = stated_limits(request.members) | self.jobs.poll(state.name)
        if self.deferrable and not self.jobs.settled(seen):
            trigger = SageMakerTrigger.watching(
                self.jobs,
                state.name,
                seen,
                poll_interval=self.poll_interval,
                group=request.identity.group,
                follow=with_lines,
                until=self._until,
                examined=self.examined(seen, request.members),
            )
            self.defer(trigger=trigger, method_name="execute_complete", kwargs=self._kept(state))
        follower = self.follower(state.name, seen, with_lines)
        description = follow(follower, self.poll_interval)
        return self._ended(state, description)

    def execute_complete(
        self, context: Context, event: Json, waits: int = 0, until: str | None = None
    ) -> Any:
        """Resume after the trigger has fired."""
        self._until = datetime.fromisoformat(until) if until else None
        name = self.job_name = event["name"]
        description = self.jobs.describe(name)
        if event["status"] == OVERDUE and not self.jobs.settled(description):
            raise self.jobs.given_up(name)
        return self._drive(context, self._ended(attempt.Running(name, waits), description))

    def _ended(self, state: attempt.Running, description: Json) -> attempt.State:
        if self._killed:
            raise self.jobs.killed(state.name)
        reason = self.jobs.stopped_by(description)
        with_earlier_try = bool(reason) and rule_in(reason) is None
        return state.ended(self.jobs.job(state.name, description), with_earlier_try)

    def _pause(self, state: attempt.WaitingForRoom) -> attempt.Requested:
        self.log.warning("%s; the next attempt starts in %.0f s", state.reason, state.seconds)
        if self.deferrable and state.seconds:
            from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger

            trigger = TimeDeltaTrigger(timedelta(seconds=state.seconds))
            self.defer(trigger=trigger, method_name="execute_again", kwargs=self._kept(state.then))
        time.sleep(state.seconds)
        return state.then

    def execute_again(
        self, context: Context, event: Any = None, waits: int = 0, until: str | None = None
    ) -> Any:
        """Resume after a pause, when AWS may have capacity."""
        self._until = datetime.fromisoformat(until) if until else None
        return self._drive(context, attempt.Requested(waits))

    def _kept(self, state: attempt.Running | attempt.Requested) -> Json:
        """Return what a deferred task resumes with: Airflow restarts its execution_timeout."""
        return {"waits": state.waits, "until": self._until.isoformat() if self._until else None}

    def finish(self, context: Context, name: str, description: Json) -> Any:
        self.completed = completed = self.jobs.completed(name, description)
        note(self.jobs, self.s3, completed, self.outputs(completed))
        return self.result(name, completed)

    def on_kill(self) -> None:
        self._killed = True
        if self.job_name:
            self.jobs.stop(self.job_name, "kill")
