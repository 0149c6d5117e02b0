"""Describe, wait for, stop and check anything that SageMaker calls a job."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from prodml.aws.client import Aws
from prodml.aws.errors import DENIED, code_of, is_transient
from prodml.aws.failure_causes import ELSEWHERE, Cause, cause
from prodml.aws.logs import Tail
from prodml.aws.retries import with_retries
from prodml.aws.tags import tag, tags_of
from prodml.exceptions import (
    JobFailedError,
    JobOverdueError,
    JobStoppedError,
    NoCapacityError,
    RequestRefusedError,
)
from prodml.jobs.attempt import Job
from prodml.jobs.polling import overdue, pause
from prodml.links.job import address
from prodml.naming import TAG
from prodml.vocabulary import JobStatus, Json, Kind

log = logging.getLogger(__name__)
STOPPED_BY = f"{TAG}stopped-by"  # tag of a job that ProdML stopped; its value is the reason
LINES = 25  # log lines at the end that an error shows


@dataclass(frozen=True)
class Jobs:
    """The jobs of one kind, through one connection."""

    aws: Aws
    kind: Kind

    @property
    def client(self) -> Any:
        return self.aws.client("sagemaker")

    def call(self, verb: str, **request: Any) -> Any:
        """Call one operation of this kind; includes building the client, which can fail too."""
        return getattr(self.client, self.kind.method(verb))(**request)

    def describe(self, name: str) -> Json:
        """Return the description of *name*, with retries."""
        description: Json = with_retries(
            partial(self.call, "describe"), **{self.kind.name_key: name}
        )
        return description

    def status(self, description: Json) -> str:
        return str(description[self.kind.status_member])

    def settled(self, description: Json) -> bool:
        return self.status(description) in self.kind.settled

    def wait(
        self, name: str, poll_interval: float, tick: Callable[[Json], None] = lambda _: None
    ) -> Json:
        """Block until *name* has ended; call *tick* with each description.

        Raises JobOverdueError when the job runs longer than its own limits allow.
        """
        began = time.monotonic()
        while not self.settled(description := self.poll(name)):
            tick(description)
            if overdue(description):
                raise self.given_up(name)
            time.sleep(pause(poll_interval, time.monotonic() - began))
        return description

    def poll(self, name: str) -> Json:
        """Describe a running job; report it as in progress while AWS cannot be reached."""
        try:
            description: Json = self.call("describe", **{self.kind.name_key: name})
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("Cannot describe %s %s for now: %s", self.kind.words, name, error)
            self.aws.forget()
            return {self.kind.status_member: JobStatus.IN_PROGRESS}
        return description

    def stop(self, name: str, why: str) -> bool:
        """Tag *name* with *why*, then stop it; return False if it had ended already.

        The tag comes first: a job stopped without it looks like a decision of another user, which
        fails the next try. AccessDenied is raised, because the job keeps running.
        """
        from botocore.exceptions import ClientError

        try:
            description = self.describe(name)
            if self.settled(description):
                log.info("%s %s has already ended", self.kind.words, name)
                return False
            self._note(description[f"{self.kind.noun}Arn"], why)
            with_retries(partial(self.call, "stop"), **{self.kind.name_key: name})
        except ClientError as error:
            if code_of(error) in DENIED:
                raise
            log.info("%s %s was not stopped: %s", self.kind.words, name, error)
            return False
        log.info("Stopping %s %s: %s", self.kind.words, name, why)
        return True

    def _note(self, arn: str, why: str) -> None:
        from botocore.exceptions import ClientError

        try:
            tag(self.client, arn, {STOPPED_BY: why})
        except ClientError as error:  # stopping without the tag is better than not stopping
            log.warning("Cannot tag %s with the reason %r: %s", arn, why, error)

    def tags(self, arn: str) -> dict[str, str]:
        return tags_of(self.client, arn)

    def job(self, name: str, description: Json) -> Job:
        """Return what *description* says about the job *name*."""
        return Job(self.kind, name, description, self.status(description), self.cause(description))

    def stopped_by(self, description: Json) -> str:
        """Return why ProdML stopped the job; empty if it did not, but a user or a limit did."""
        if self.status(description) != JobStatus.STOPPED:
            return ""
        return self.tags(description[f"{self.kind.noun}Arn"]).get(STOPPED_BY, "")

    def cause(self, description: Json) -> Cause | None:
        """Return why the job failed, or None; waiting too long for a spot instance counts."""
        if description.get("SecondaryStatus") == "MaxWaitTimeExceeded":
            return Cause.CAPACITY
        failed = self.status(description) == JobStatus.FAILED
        return cause(str(description.get("FailureReason", ""))) if failed else None

    def completed(self, name: str, description: Json) -> Json:
        """Return *description* if the job completed; otherwise raise the matching error."""
        status = self.status(description)
        if status == JobStatus.COMPLETED:
            return description
        if status == JobStatus.STOPPED:
            kind = NoCapacityError if self.cause(description) in ELSEWHERE else JobStoppedError
            raise kind(self._why_stopped(name, description))
        stated = [description.get(field) for field in ("FailureReason", "ExitMessage")]
        reasons = [*filter(None, stated)] or ["no reason"]
        why = "\n".join(reasons)
        message = (
            f"{self.kind.words} {name} failed: {why}\n{self._evidence(name)}\n"
            "Fix the error above, then clear the task."
        )
        raise self._error(cause(reasons[0]))(message)

    def _error(self, reason: Cause) -> type[Exception]:
        if reason in ELSEWHERE:
            return NoCapacityError
        return RequestRefusedError if reason is Cause.REQUEST else JobFailedError

    def _why_stopped(self, name: str, description: Json) -> str:
        job = self.job(name, description)
        return (
            f"{job.words} was stopped ({job.reason}) before it completed.\n"
            f"{self._evidence(name)}\nClear the task to run the next attempt."
        )

    def given_up(self, name: str) -> JobOverdueError:
        """Stop a job that is past its deadline, and return the error to raise."""
        self.stop(name, "deadline")
        return JobOverdueError(
            f"{self.kind.words} {name} exceeded its time limit, or that of its task, and was "
            f"stopped.\n{self._evidence(name)}\n"
            "Raise MaxRuntimeInSeconds or execution_timeout if it needs longer."
        )

    def killed(self, name: str) -> JobStoppedError:
        """Return the error of a task that was killed, and so stopped its job."""
        return JobStoppedError(
            f"The task was killed, and {self.kind.words} {name} was stopped. "
            "Clear the task to run the next attempt."
        )

    def link(self, name: str) -> str:
        """Return the URL of the job's page."""
        meta = self.client.meta
        return address(meta.endpoint_url, meta.region_name, self.kind, name)

    def _evidence(self, name: str) -> str:
        tail = Tail(self.aws.client("logs"), self.kind.log_group, name).end(LINES)
        end = [f"Last lines of its log, {self.kind.log_group}/{name}:", *tail] if tail else []
        return "\n".join([*end, f"Job page: {self.link(name)}"])
