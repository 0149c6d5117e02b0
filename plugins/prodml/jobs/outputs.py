"""Check that the outputs of a completed job still exist and are unchanged."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from prodml.aws.s3 import holds_something, objects
from prodml.aws.tags import tag
from prodml.jobs.jobs import Jobs
from prodml.naming import TAG, request_hash
from prodml.vocabulary import Json

log = logging.getLogger(__name__)
MADE = f"{TAG}made"  # tag of a completed job: the digest of its outputs


def note(jobs: Jobs, s3: Any, description: Json, uris: Iterable[str]) -> None:
    """Tag a completed job, once, with the digest of its outputs under *uris*."""
    from botocore.exceptions import ClientError

    arn = description[f"{jobs.kind.noun}Arn"]
    if MADE in jobs.tags(arn):
        return
    made = _digest(jobs, s3, description, uris)
    try:
        tag(jobs.client, arn, {MADE: made})
    except ClientError as error:
        log.warning("Cannot tag %s with the digest of its outputs: %s", arn, error)


def untouched(jobs: Jobs, s3: Any, description: Json, uris: Iterable[str]) -> bool:
    """Return whether none of a completed job's outputs was deleted or overwritten.

    Objects that were added later do not count. If the task died before it could tag the job, at
    least one output must exist.
    """
    places = list(uris)
    noted = jobs.tags(description[f"{jobs.kind.noun}Arn"]).get(MADE)
    if noted is None:
        return not places or any(holds_something(s3, uri) for uri in places)
    return noted == _digest(jobs, s3, description, places)


def _digest(jobs: Jobs, s3: Any, description: Json, uris: Iterable[str]) -> str:
    """Return a digest of the objects under *uris* that existed when the job ended.

    It includes their content as well as their time, which S3 stores in whole seconds.
    """
    ended = description.get(jobs.kind.ended) or description["LastModifiedTime"]
    outputs = (item for uri in uris for item in objects(s3, uri) if item["LastModified"] <= ended)
    return request_hash(sorted((item["Key"], item["ETag"]) for item in outputs))
