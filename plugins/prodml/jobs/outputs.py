"""Whether what a completed job has made is still there, and still what it made."""

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
MADE = f"{TAG}made"  # the tag with a digest of what a completed job had made


def note(jobs: Jobs, s3: Any, description: Json, uris: Iterable[str]) -> None:
    """Note on a completed job what it has made under *uris*, once."""
    from botocore.exceptions import ClientError

    arn = description[f"{jobs.kind.noun}Arn"]
    if MADE in jobs.tags(arn):
        return
    made = _digest(jobs, s3, description, uris)
    try:
        tag(jobs.client, arn, {MADE: made})
    except ClientError as error:
        log.warning("What %s has made cannot be noted: %s", arn, error)


def untouched(jobs: Jobs, s3: Any, description: Json, uris: Iterable[str]) -> bool:
    """Whether nothing of what a completed job has made was deleted or overwritten since.

    What others have put beside it does not count. Of a job whose task died before it could note
    anything, something has to be there.
    """
    places = list(uris)
    noted = jobs.tags(description[f"{jobs.kind.noun}Arn"]).get(MADE)
    if noted is None:
        return not places or any(holds_something(s3, uri) for uri in places)
    return noted == _digest(jobs, s3, description, places)


def _digest(jobs: Jobs, s3: Any, description: Json, uris: Iterable[str]) -> str:
    """A digest of the objects under *uris* that were there when the job ended.

    Their content counts besides their time: S3 knows whole seconds.
    """
    ended = description.get(jobs.kind.ended) or description["LastModifiedTime"]
    found = (item for uri in uris for item in objects(s3, uri) if item["LastModified"] <= ended)
    return request_hash(sorted((item["Key"], item["ETag"]) for item in found))
