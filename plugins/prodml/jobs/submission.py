"""One job per task: create it, adopt it, or use what an earlier run has made."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from prodml.aws.errors import code_of, is_taken
from prodml.aws.failure_causes import ELSEWHERE, cause
from prodml.aws.retries import refused, with_retries
from prodml.exceptions import NoCapacityError, ProdmlError
from prodml.jobs.jobs import Jobs
from prodml.naming import ATTEMPTS, TAG, Identity, identity_of, job_name, reuse_key
from prodml.vocabulary import JobStatus, Json

log = logging.getLogger(__name__)
DEAD = frozenset({JobStatus.FAILED, JobStatus.STOPPED})
STOPS_WITHIN = 900.0  # seconds; SageMaker gives a job 120, and uploads what there is after that
CANDIDATES = 20  # completed jobs of a request that are looked at before a new one is paid for


@dataclass(frozen=True)
class Start:
    """How one task of one run gets its one job.

    :param digest: The request's hash; it is in the job's name and, whole, in its tags.
    :param instance_types: Further types to try in order, where AWS has no room or no quota.
    :param usable: Whether what a completed job made is still there.
    :param announce: Is told each name before it is asked for, so that a kill finds the job.
    """

    jobs: Jobs
    identity: Identity
    digest: str
    instance_types: Sequence[str] = ()
    usable: Callable[[Json], bool] = lambda _: True
    announce: Callable[[str], None] = lambda _: None

    def job(self, request: Json) -> str:
        """Create the job, or adopt the one of the same name; return its name.

        A job of that name that runs or has completed is ours from an earlier try; after one that
        failed or was stopped comes the next numbered attempt. Raises NoCapacityError when no
        instance type is to be had.
        """
        kind, choice = self.jobs.kind, 0
        for attempt in range(1, ATTEMPTS + 1):
            name = job_name(self.identity, self.digest, attempt, kind.name_limit)
            self.announce(name)
            if self._create(name, request, choice):
                log.info("Started %s %s", kind.words, name)
                return name
            found = self._at_rest(name)
            if self._adoptable(found):
                log.info("Adopted %s %s, which is %s", kind.words, name, self.jobs.status(found))
                return name
            log.info("%s %s is %s: next attempt", kind.words, name, self.jobs.status(found))
            choice = self._after(found, request)
        raise ProdmlError(
            f"All {ATTEMPTS} attempts at {kind.words} {name!r} failed. "
            "Read the log of the last one; a change of the request starts a new count."
        )

    def completed_before(self) -> tuple[str, Json] | None:
        """A completed job of the same request, of any run of this deployment; the newest one."""
        for summary in self._candidates():
            tags = self.jobs.tags(summary[f"{self.jobs.kind.noun}Arn"])
            owner = identity_of(tags)
            mine = owner is not None and owner.deployment == self.identity.deployment
            if mine and tags.get(f"{TAG}request-hash") == self.digest:
                name = summary[self.jobs.kind.name_key]
                found = self.jobs.describe(name)
                if self.usable(found):
                    return name, found
        return None

    def _candidates(self) -> Iterator[Json]:
        kind = self.jobs.kind
        page = with_retries(
            partial(self.jobs.call, "list"),
            NameContains=reuse_key(self.digest),
            StatusEquals=JobStatus.COMPLETED.value,
            SortBy="CreationTime",
            SortOrder="Descending",
            MaxResults=CANDIDATES,
        )
        yield from page[f"{kind.noun}Summaries"]

    def _at_rest(self, name: str) -> Json:
        """The job of that name, once it is not stopping any more: two never run at once."""
        began = time.monotonic()
        while self.jobs.status(found := self.jobs.describe(name)) == JobStatus.STOPPING:
            if time.monotonic() - began > STOPS_WITHIN:
                raise ProdmlError(
                    f"{self.jobs.kind.words} {name} has been stopping for {STOPS_WITHIN:.0f} s. "
                    "Clear the task when it has stopped."
                )
            time.sleep(1.0)
        return found

    def _adoptable(self, found: Json) -> bool:
        status = self.jobs.status(found)
        return status not in DEAD and (status != JobStatus.COMPLETED or self.usable(found))

    def _types(self, request: Json) -> list[str | None]:
        """Instance types in the order of wishes; None leaves the request as it is."""
        wished = _held(request, self.jobs.kind.instances).get("InstanceType")
        return [wished, *self.instance_types] if wished else [None]

    def _after(self, found: Json, request: Json) -> int:
        """Which instance type comes after that of a job that found no room."""
        types = self._types(request)
        used = _held(found, self.jobs.kind.instances).get("InstanceType")
        if self.jobs.cause(found) in ELSEWHERE and used in types:
            return (types.index(used) + 1) % len(types)
        return 0

    def is_last_type(self, found: Json, request: Json) -> bool:
        """Whether there is nothing left to try at once after *found*."""
        return self._after(found, request) == 0

    def _create(self, name: str, request: Json, choice: int) -> bool:
        """Whether the job was created; False when the name is taken."""
        from botocore.exceptions import ClientError, ParamValidationError

        create = partial(self.jobs.call, "create")
        for instance_type in self._types(request)[choice:]:
            sized = _with(request, self.jobs.kind.instances, instance_type)
            try:
                with_retries(create, **{self.jobs.kind.name_key: name}, **sized)
            except (ClientError, ParamValidationError) as error:
                if is_taken(error):
                    return False
                if cause(code_of(error)) not in ELSEWHERE:
                    raise refused(f"create {self.jobs.kind.words} {name!r}", error) from error
                log.warning("No %s for %s: %s", instance_type, name, error)
            else:
                return True
        raise NoCapacityError(
            f"AWS gives none of {self._types(request)[choice:]} to {self.jobs.kind.words} {name}. "
            "Name other instance_types, or ask for a higher quota."
        )


def _held(document: Json, path: Sequence[str]) -> Json:
    for key in path:
        document = document.get(key, {})
    return document


def _with(request: Json, path: Sequence[str], instance_type: str | None) -> Json:
    """A copy of *request* that runs on *instance_type*."""
    if instance_type is None:
        return request
    if not path:
        return request | {"InstanceType": instance_type}
    first, *rest = path
    return request | {first: _with(request.get(first, {}), rest, instance_type)}
