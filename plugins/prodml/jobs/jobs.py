"""Describe, watch, stop and judge anything that SageMaker calls a job."""

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
from prodml.jobs.polling import overdue, pause
from prodml.links.job import address
from prodml.naming import TAG
from prodml.vocabulary import JobStatus, Json, Kind

log = logging.getLogger(__name__)
STOPPED_BY = f"{TAG}stopped-by"  # the tag of a job that we stopped ourselves; its value says why
LINES = 25  # of the log's end that an error shows


@dataclass(frozen=True)
class Jobs:
    """The jobs of one kind, through one connection."""

    aws: Aws
    kind: Kind

    @property
    def client(self) -> Any:
        return self.aws.client("sagemaker")

    def call(self, verb: str, **request: Any) -> Any:
        """One call about this kind; the client is made in it, which may go wrong too."""
        return getattr(self.client, self.kind.method(verb))(**request)

    def describe(self, name: str) -> Json:
        """Everything SageMaker says about *name*, asked again while AWS is busy."""
        found: Json = with_retries(partial(self.call, "describe"), **{self.kind.name_key: name})
        return found

    def status(self, description: Json) -> str:
        return str(description[self.kind.status_member])

    def settled(self, description: Json) -> bool:
        return self.status(description) in self.kind.settled

    def wait(
        self, name: str, poll_interval: float, tick: Callable[[Json], None] = lambda _: None
    ) -> Json:
        """Block until *name* has settled, as long as the job itself may take; *tick* at each look.

        Raises JobOverdueError after that.
        """
        began = time.monotonic()
        while not self.settled(description := self.look(name)):
            tick(description)
            if overdue(description):
                raise self.given_up(name)
            time.sleep(pause(poll_interval, time.monotonic() - began))
        return description

    def look(self, name: str) -> Json:
        """Describe; what passes (throttling, an outage) is no reason to leave a running job."""
        try:
            found: Json = self.call("describe", **{self.kind.name_key: name})
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("Cannot see %s %s at the moment: %s", self.kind.words, name, error)
            self.aws.forget()
            return {self.kind.status_member: JobStatus.IN_PROGRESS}
        return found

    def stop(self, name: str, why: str) -> bool:
        """Note *why*, and ask SageMaker to stop *name*; a job that has ended is left as it is.

        The note comes first: a job that is stopped without it would look like somebody else's
        decision, and fail the next try. What AWS does not allow is raised: the job goes on.
        """
        from botocore.exceptions import ClientError

        try:
            found = self.describe(name)
            if self.settled(found):
                log.info("%s %s has ended already", self.kind.words, name)
                return False
            self._note(found[f"{self.kind.noun}Arn"], why)
            with_retries(partial(self.call, "stop"), **{self.kind.name_key: name})
        except ClientError as error:
            if code_of(error) in DENIED:
                raise
            log.info("%s %s was not stopped: %s", self.kind.words, name, error)
            return False
        log.info("Asked SageMaker to stop %s %s (%s)", self.kind.words, name, why)
        return True

    def _note(self, arn: str, why: str) -> None:
        from botocore.exceptions import ClientError

        try:
            tag(self.client, arn, {STOPPED_BY: why})
        except ClientError as error:  # better stopped without a note than not stopped
            log.warning("It cannot be noted on %s why it is stopped: %s", arn, error)

    def tags(self, arn: str) -> dict[str, str]:
        return tags_of(self.client, arn)

    def stopped_by_us(self, description: Json) -> bool:
        """Whether it was a kill or a sweep that stopped the job, and not a person or a limit."""
        stopped = self.status(description) == JobStatus.STOPPED
        return stopped and STOPPED_BY in self.tags(description[f"{self.kind.noun}Arn"])

    def cause(self, description: Json) -> Cause | None:
        """Why the job failed; None if it did not. A wait for spot that was too long is one."""
        if description.get("SecondaryStatus") == "MaxWaitTimeExceeded":
            return Cause.CAPACITY
        failed = self.status(description) == JobStatus.FAILED
        return cause(str(description.get("FailureReason", ""))) if failed else None

    def completed(self, name: str, description: Json) -> Json:
        """Return *description* if the job completed, else raise what it deserves."""
        status = self.status(description)
        if status == JobStatus.COMPLETED:
            return description
        if status == JobStatus.STOPPED:
            kind = NoCapacityError if self.cause(description) in ELSEWHERE else JobStoppedError
            raise kind(self._why_stopped(name, description))
        reason = description.get("FailureReason") or description.get("ExitMessage") or "no reason"
        message = (
            f"{self.kind.words} {name} failed: {reason}\n{self._evidence(name)}\n"
            "Correct what the reason and the log name, then clear the task."
        )
        raise self._error(cause(reason))(message)

    def _error(self, found: Cause) -> type[Exception]:
        if found in ELSEWHERE:
            return NoCapacityError
        return RequestRefusedError if found is Cause.REQUEST else JobFailedError

    def _why_stopped(self, name: str, description: Json) -> str:
        why = description.get("FailureReason") or description.get("SecondaryStatus", "Stopped")
        return (
            f"{self.kind.words} {name} was stopped ({why}) before it completed.\n"
            f"{self._evidence(name)}\nClear the task to run the next attempt."
        )

    def given_up(self, name: str) -> JobOverdueError:
        """Stop a job that is past its deadline, and return the error that says so."""
        self.stop(name, "deadline")
        return JobOverdueError(
            f"{self.kind.words} {name} has not ended within all the time that it or its task may "
            f"take, and was asked to stop.\n{self._evidence(name)}\n"
            "Raise MaxRuntimeInSeconds or execution_timeout if it needs longer."
        )

    def link(self, name: str) -> str:
        """Where a person can look at the job."""
        meta = self.client.meta
        return address(meta.endpoint_url, meta.region_name, self.kind, name)

    def _evidence(self, name: str) -> str:
        tail = Tail(self.aws.client("logs"), self.kind.log_group, name).end(LINES)
        end = [f"The end of its log, {self.kind.log_group}/{name}:", *tail] if tail else []
        return "\n".join([*end, f"Look at it: {self.link(name)}"])
