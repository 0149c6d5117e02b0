"""Start, adopt, watch and stop anything that SageMaker calls a job."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

from prodml.exceptions import JobFailedError, JobStoppedError, ProdmlError, RequestRefusedError
from prodml.hooks.aws import Aws, code_of, is_absent, is_passing, is_taken
from prodml.naming import ATTEMPTS, Identity, job_name
from prodml.vocabulary import JobStatus, Json, Kind

log = logging.getLogger(__name__)
CREATE_PATIENCE = 300.0  # seconds that a throttled create is repeated before the task gives up
DEAD = frozenset({JobStatus.FAILED, JobStatus.STOPPING, JobStatus.STOPPED})


@dataclass(frozen=True)
class Jobs:
    """The jobs of one kind, through one connection."""

    aws: Aws
    kind: Kind

    @property
    def client(self) -> Any:
        return self.aws.client("sagemaker")

    def start(self, identity: Identity, digest: str, request: Json) -> str:
        """Create the job, or adopt the one of the same name; return its name.

        A job of that name that runs or has completed is ours from an earlier try; after one that
        failed or was stopped comes the next numbered attempt.
        """
        for attempt in range(1, ATTEMPTS + 1):
            name = job_name(identity, digest, attempt)
            if self._create(name, request):
                log.info("Started %s %s", self.kind.words, name)
                return name
            status = self.status(self.describe(name))
            if status not in DEAD:
                log.info("Adopted %s %s, which is %s", self.kind.words, name, status)
                return name
            log.info("%s %s is %s: next attempt", self.kind.words, name, status)
        raise ProdmlError(
            f"All {ATTEMPTS} attempts at {self.kind.words} {job_name(identity, digest)!r} failed. "
            "Read the log of the last one; a change of the request starts a new count."
        )

    def _create(self, name: str, request: Json) -> bool:
        """Whether the job was created; False when the name is taken."""
        from botocore.exceptions import ClientError

        create = getattr(self.client, self.kind.method("create"))
        try:
            patiently(create, **{self.kind.name_key: name}, **request)
        except ClientError as error:
            if is_taken(error):
                return False
            raise refused(f"create {self.kind.words} {name!r}", error) from error
        return True

    def describe(self, name: str) -> Json:
        """Everything SageMaker says about *name*, asked again while AWS is busy."""
        describe = getattr(self.client, self.kind.method("describe"))
        found: Json = patiently(describe, **{self.kind.name_key: name})
        return found

    def status(self, description: Json) -> str:
        return str(description[self.kind.status_member])

    def settled(self, description: Json) -> bool:
        return self.status(description) in self.kind.settled

    def wait(self, name: str, poll_interval: float) -> Json:
        """Block until *name* has settled. The job's own limits bound the wait, not a count."""
        began = time.monotonic()
        while not self.settled(description := self.look(name)):
            time.sleep(pause(poll_interval, time.monotonic() - began))
        return description

    def look(self, name: str) -> Json:
        """Describe; what passes (throttling, an outage) is no reason to leave a running job."""
        describe = getattr(self.client, self.kind.method("describe"))
        try:
            found: Json = describe(**{self.kind.name_key: name})
        except Exception as error:
            if not is_passing(error):
                raise
            log.warning("Cannot see %s %s at the moment: %s", self.kind.words, name, error)
            return {self.kind.status_member: JobStatus.IN_PROGRESS}
        return found

    def stop(self, name: str) -> None:
        """Ask SageMaker to stop *name*; a job that has ended is left as it is."""
        from botocore.exceptions import ClientError

        stop = getattr(self.client, self.kind.method("stop"))
        try:
            patiently(stop, **{self.kind.name_key: name})
            log.info("Asked SageMaker to stop %s %s", self.kind.words, name)
        except ClientError as error:
            log.info("%s %s was not stopped: %s", self.kind.words, name, error)

    def completed(self, name: str, description: Json) -> Json:
        """Return *description* if the job completed, else raise what it deserves."""
        status = self.status(description)
        if status == JobStatus.COMPLETED:
            return description
        if status == JobStatus.STOPPED:
            why = description.get("FailureReason") or description.get("SecondaryStatus", status)
            raise JobStoppedError(
                f"{self.kind.words} {name} was stopped ({why}) before it completed. "
                "Clear the task to run the next attempt."
            )
        reason = description.get("FailureReason") or description.get("ExitMessage") or "no reason"
        tail = self.log_tail(name)
        end = "\n".join([f"The end of its log, {self.kind.log_group}/{name}:", *tail])
        raise JobFailedError(f"{self.kind.words} {name} failed: {reason}\n{end if tail else ''}")

    def log_tail(self, name: str, lines: int = 25) -> list[str]:
        """The last lines that the job wrote; none if there is no log to read."""
        from botocore.exceptions import ClientError

        logs = self.aws.client("logs")
        group = {"logGroupName": self.kind.log_group}
        tail: list[str] = []
        try:
            found = logs.describe_log_streams(**group, logStreamNamePrefix=f"{name}/")
            for stream in found["logStreams"]:
                events = logs.get_log_events(
                    **group, logStreamName=stream["logStreamName"], limit=lines
                )
                tail += [event["message"].rstrip() for event in events["events"]]
        except ClientError as error:
            log.info("No log of %s: %s", name, error)
        return tail[-lines:]


def pause(poll_interval: float, elapsed: float) -> float:
    """Seconds to the next look: short jobs are seen at once, long ones cost few calls."""
    return max(poll_interval, min(30.0, elapsed / 60))


def patiently(call: Any, **arguments: Any) -> Any:
    """Make *call*, again and again while AWS is only busy."""
    began = time.monotonic()
    wait = 1.0
    while True:
        try:
            return call(**arguments)
        except Exception as error:
            if not is_passing(error) or time.monotonic() - began > CREATE_PATIENCE:
                raise
            log.warning("AWS is busy, asking again in %.0f s: %s", wait, error)
            time.sleep(wait)
            wait = min(30.0, wait * 2)


def delete(call: Any, **arguments: Any) -> None:
    """Make *call* to delete something; that it is gone already is as good."""
    from botocore.exceptions import ClientError

    try:
        patiently(call, **arguments)
    except ClientError as error:
        if not is_absent(error):
            raise


def refused(what: str, error: Exception) -> Exception:
    """A validation error would be refused again: no retry. Anything else stays as it is."""
    if code_of(error) in {"ValidationException", "AccessDeniedException", "ResourceNotFound"}:
        return RequestRefusedError(f"AWS refused to {what}: {error}. Correct the request.")
    return error
