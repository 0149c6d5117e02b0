"""Submit a job: create it under its name, or adopt the job that has the name; or reuse one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from functools import partial

from prodml.aws.errors import code_of, is_taken
from prodml.aws.failure_causes import ELSEWHERE, cause
from prodml.aws.retries import refused, with_retries
from prodml.aws.tags import visible_tags
from prodml.exceptions import NoCapacityError, ProdmlError
from prodml.jobs.attempt import Job, Request, Running, State, Submitting
from prodml.jobs.jobs import Jobs
from prodml.naming import ATTEMPTS, REQUEST, identity_of, reuse_key
from prodml.vocabulary import JOB_ENDS, JobStatus, Json

log = logging.getLogger(__name__)
STOPS_WITHIN = 900.0  # seconds; SageMaker allows a job 120 to stop, then uploads its outputs
CANDIDATES = 20  # completed jobs with the same request to consider for reuse


def submit(
    jobs: Jobs, request: Request, state: Submitting, is_usable: Callable[[Json], bool]
) -> State:
    """Create the job that *state* names, or decide by the job that has the name.

    :param is_usable: Returns whether the end of a job that has ended counts: the outputs of a
        completed one still exist, or a rule stopped it.
    """
    name, words = request.name(state.number), jobs.kind.words
    try:
        is_created = _create(jobs, name, request, state.choice)
    except NoCapacityError as error:
        return state.without_room(error)
    if is_created:
        log.info("Started %s %s", words, name)
        return state.created(name)
    job = jobs.job(name, _at_rest(jobs, name))
    counts = job.status in JOB_ENDS and is_usable(job.description)
    next_state = state.taken(request, job, counts)
    if isinstance(next_state, Running):
        log.info("Adopted existing %s %s: %s", words, name, job.status)
    elif state.is_last:
        return state.exhausted(_out_of_attempts(jobs, name))
    return next_state


def _out_of_attempts(jobs: Jobs, name: str) -> ProdmlError:
    return ProdmlError(
        f"All {ATTEMPTS} attempts at {jobs.kind.words} {name!r} failed. Correct the cause that "
        f"{jobs.link(name)} shows; a changed request starts a new count."
    )


def completed_before(jobs: Jobs, request: Request, is_usable: Callable[[Json], bool]) -> Job | None:
    """Return the newest completed job of the same request, from any run of this deployment."""
    for summary in _candidates(jobs, request.digest):
        # Of another Airflow of the account, a policy may deny to show the tags.
        tags = visible_tags(jobs.client, summary[f"{jobs.kind.noun}Arn"])
        owner = identity_of(tags)
        mine = owner is not None and owner.deployment == request.identity.deployment
        if mine and tags.get(REQUEST) == request.digest:
            name = summary[jobs.kind.name_key]
            description = jobs.describe(name)
            if is_usable(description):
                return jobs.job(name, description)
    return None


def _create(jobs: Jobs, name: str, request: Request, choice: int) -> bool:
    """Create the job *name*; return False if the name is taken.

    Tries the request's instance types in order, from the one at *choice*. Raises NoCapacityError
    if none is available, and RequestRefusedError if AWS refuses the request.
    """
    from botocore.exceptions import ClientError, ParamValidationError

    call, words = partial(jobs.call, "create"), jobs.kind.words
    for instance_type in request.instance_types[choice:]:
        members = request.on(instance_type)
        try:
            with_retries(call, **{jobs.kind.name_key: name}, **members)
        except (ClientError, ParamValidationError) as error:
            if is_taken(error):
                return False
            if cause(code_of(error)) not in ELSEWHERE:
                raise refused(f"create {words} {name!r}", error) from error
            log.warning("No capacity of %s for %s: %s", instance_type, name, error)
        else:
            return True
    raise NoCapacityError(
        f"AWS has no capacity of {request.instance_types[choice:]} for {words} {name}. "
        "Set other instance_types, or request a higher quota."
    )


def _at_rest(jobs: Jobs, name: str) -> Json:
    """Describe the job *name*, once it is not stopping: two never run at the same time."""
    began = time.monotonic()
    while jobs.status(description := jobs.describe(name)) == JobStatus.STOPPING:
        if time.monotonic() - began > STOPS_WITHIN:
            raise ProdmlError(
                f"{jobs.kind.words} {name} has been stopping for {STOPS_WITHIN:.0f} s. "
                "Clear the task when it has stopped."
            )
        time.sleep(1.0)
    return description


def _candidates(jobs: Jobs, digest: str) -> Iterator[Json]:
    page = with_retries(
        partial(jobs.call, "list"),
        NameContains=reuse_key(digest),
        StatusEquals=JobStatus.COMPLETED.value,
        SortBy="CreationTime",
        SortOrder="Descending",
        MaxResults=CANDIDATES,
    )
    yield from page[f"{jobs.kind.noun}Summaries"]
