"""Create the one job of a task, adopt it, or reuse what an earlier run has made."""

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
STOPS_WITHIN = 900.0  # seconds; SageMaker allows a job 120 to stop, then uploads its outputs
CANDIDATES = 20  # completed jobs with the same request to consider for reuse


@dataclass(frozen=True)
class Start:
    """Submit the one job of one task of one run.

    :param digest: The request's hash; the job's name has a part of it, its tags all of it.
    :param instance_types: Further types to try in order, if AWS lacks capacity or quota.
    :param usable: Returns whether a completed job's outputs still exist.
    :param announce: Called with each name before the job is created, so that a kill can stop it.
    """

    jobs: Jobs
    identity: Identity
    digest: str
    instance_types: Sequence[str] = ()
    usable: Callable[[Json], bool] = lambda _: True
    announce: Callable[[str], None] = lambda _: None

    def job(self, request: Json) -> str:
        """Create the job, or adopt the one of the same name; return its name.

        A job of that name that is running or completed belongs to an earlier try of the task. If
        it failed or was stopped, the next numbered attempt starts. Raises NoCapacityError if no
        instance type is available.
        """
        kind, choice = self.jobs.kind, 0
        for attempt in range(1, ATTEMPTS + 1):
            name = job_name(self.identity, self.digest, attempt, kind.name_limit)
            self.announce(name)
            if self._create(name, request, choice):
                log.info("Started %s %s", kind.words, name)
                return name
            existing = self._at_rest(name)
            status = self.jobs.status(existing)
            if self._adoptable(existing):
                log.info("Adopted existing %s %s: %s", kind.words, name, status)
                return name
            log.info("%s %s is %s; starting the next attempt", kind.words, name, status)
            choice = self._after(existing, request)
        raise ProdmlError(
            f"All {ATTEMPTS} attempts at {kind.words} {name!r} failed. Correct the cause that "
            f"{self.jobs.link(name)} shows; a changed request starts a new count."
        )

    def completed_before(self) -> tuple[str, Json] | None:
        """Return the newest completed job of the same request, from any run of this deployment."""
        for summary in self._candidates():
            tags = self.jobs.tags(summary[f"{self.jobs.kind.noun}Arn"])
            owner = identity_of(tags)
            mine = owner is not None and owner.deployment == self.identity.deployment
            if mine and tags.get(f"{TAG}request-hash") == self.digest:
                name = summary[self.jobs.kind.name_key]
                description = self.jobs.describe(name)
                if self.usable(description):
                    return name, description
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
        """Return the job of that name once it has stopped: two never run at the same time."""
        began = time.monotonic()
        while self.jobs.status(description := self.jobs.describe(name)) == JobStatus.STOPPING:
            if time.monotonic() - began > STOPS_WITHIN:
                raise ProdmlError(
                    f"{self.jobs.kind.words} {name} has been stopping for {STOPS_WITHIN:.0f} s. "
                    "Clear the task when it has stopped."
                )
            time.sleep(1.0)
        return description

    def _adoptable(self, description: Json) -> bool:
        status = self.jobs.status(description)
        return status not in DEAD and (status != JobStatus.COMPLETED or self.usable(description))

    def _types(self, request: Json) -> list[str | None]:
        """Return the instance types in order of preference; None leaves the request unchanged."""
        wished = _held(request, self.jobs.kind.instances).get("InstanceType")
        return [wished, *self.instance_types] if wished else [None]

    def _after(self, former: Json, request: Json) -> int:
        """Return the index of the type to try after a job that got no capacity."""
        types = self._types(request)
        used = _held(former, self.jobs.kind.instances).get("InstanceType")
        if self.jobs.cause(former) in ELSEWHERE and used in types:
            return (types.index(used) + 1) % len(types)
        return 0

    def is_last_type(self, former: Json, request: Json) -> bool:
        """Return whether *former* ran on the last instance type to try."""
        return self._after(former, request) == 0

    def _create(self, name: str, request: Json, choice: int) -> bool:
        """Create the job; return False when the name is taken."""
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
                log.warning("No capacity of %s for %s: %s", instance_type, name, error)
            else:
                return True
        raise NoCapacityError(
            f"AWS has no capacity of {self._types(request)[choice:]} for {self.jobs.kind.words} "
            f"{name}. Set other instance_types, or request a higher quota."
        )


def _held(document: Json, path: Sequence[str]) -> Json:
    for key in path:
        document = document.get(key, {})
    return document


def _with(request: Json, path: Sequence[str], instance_type: str | None) -> Json:
    """Return a copy of *request* that runs on *instance_type*."""
    if instance_type is None:
        return request
    if not path:
        return request | {"InstanceType": instance_type}
    first, *rest = path
    return request | {first: _with(request.get(first, {}), rest, instance_type)}
