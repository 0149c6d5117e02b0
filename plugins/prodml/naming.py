"""Compute unique names: SageMaker refuses a second job of a name, so the name acts as a lock.

A name consists of readable parts (deployment, pipeline, run, task, map index), a digest of the
request and a digest of the task, such as
``local-retrain-churn-s20240506t000000-train-2-3f0c9a1e-9b2d4c``. The same request of the same task
and run always gets the same name, and anything else another one. The first digest finds the jobs of
one request, the second those of one task. The 32 characters of a tuning job's name, such as
``tune-417-tune-3f0c9a1e-9b2d4c``, leave out the deployment.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import count, takewhile
from typing import Any
from urllib.parse import quote, unquote

JOB_LIMIT = 63
ATTEMPTS = 99
_ROOM_FOR_ATTEMPT = len(f"-{ATTEMPTS}")
_DIGEST = 10
_REQUEST, _OWNER = 8, 6
_LEAST = 4  # fewest characters of a readable part
_DEPLOYMENT = 16  # characters of a deployment, which policies name and no name shortens
_ROOMY = 24  # characters that hold four readable parts
_NAME = re.compile(rf"-([0-9a-f]{{{_REQUEST}}})-([0-9a-f]{{{_OWNER}}})(?:-([0-9]{{1,2}}))?$")
_TRIAL = re.compile(r"-[0-9]{3}-[0-9a-f]{8}$")  # ends the names of a tuning job's training jobs
TAG = "prodml:"
REQUEST = f"{TAG}request-hash"  # a tag of jobs, and a property of model versions
_TAG_VALUE = 256  # AWS's limit, in characters
_TAG_SAFE = " .:/=+"  # besides letters, digits, `_` and `-`; `@` begins an escape


@dataclass(frozen=True)
class Identity:
    """The task, run, DAG and Airflow that a job belongs to."""

    deployment: str
    dag: str
    run: str
    task: str
    map_index: int = -1

    def parts(self) -> list[str]:
        """Return the readable parts of a name after the deployment, most general first."""
        return [self.dag, _short_run(self.run), self.task, *self._index()]

    def fewer_parts(self) -> list[str]:
        """Return the parts of a short name, without the deployment and the task groups."""
        return [self.dag, _short_run(self.run), self.task.rpartition(".")[2], *self._index()]

    def _index(self) -> list[str]:
        return [str(self.map_index)] if self.map_index >= 0 else []

    def same_run(self, other: Identity) -> bool:
        """Return whether both are of one run of one DAG of one Airflow."""
        mine, theirs = ((i.deployment, i.dag, i.run) for i in (self, other))
        return mine == theirs

    @property
    def group(self) -> str:
        """Return a name that the jobs of this task share in all runs."""
        return f"{self.deployment}.{self.dag}.{self.task}"

    @property
    def key(self) -> str:
        """Return the digest in the names of all jobs of this task, and of no other task."""
        return request_hash(list(vars(self).values()))[:_OWNER]

    def tags(self, try_number: int, request_hash: str) -> list[dict[str, str]]:
        """Return the tags that identify the owner of a job.

        A value that is too long for one tag continues in another, such as ``prodml:run-2``.
        """
        values = {
            "deployment": self.deployment,
            "dag": self.dag,
            "run": self.run,
            "task": self.task,
            "map-index": str(self.map_index),
            "try": str(try_number),
        }
        written = {TAG + name: value for name, value in values.items()} | {REQUEST: request_hash}
        return [tag for key, value in written.items() for tag in _written(key, value)]


def identity_of(tags: Mapping[str, str]) -> Identity | None:
    """Return the task that a job's *tags* name; None for a job of another tool."""
    keys = [TAG + field.name.replace("_", "-") for field in fields(Identity)]
    if not set(keys) <= tags.keys():
        return None
    deployment, dag, run, task, index = (_read(tags, key) for key in keys)
    try:
        return Identity(deployment, dag, run, task, int(index))
    except ValueError:
        return None


def request_hash(request: Any) -> str:
    """Return a digest of *request*, independent of the order of its keys."""
    canonical = json.dumps(request, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def job_name(identity: Identity, digest: str, attempt: int = 1, limit: int = JOB_LIMIT) -> str:
    """Return a readable name of at most *limit* characters; the first attempt has no number."""
    keys = f"{reuse_key(digest)}-{identity.key}"
    room = limit - len(keys) - 1 - _ROOM_FOR_ATTEMPT
    stem, parts = "", identity.fewer_parts()
    if room >= _ROOMY:
        stem, parts = deployment_stem(identity.deployment), identity.parts()
    words = readable(parts, room - len(stem), whole=_short_run(identity.run))
    base = f"{stem}{words}-{keys}".lower()
    return base if attempt == 1 else f"{base}-{attempt}"


def job_stem(dag: str) -> str:
    """Return the beginning that the names of all tuning jobs of *dag* share."""
    return slugify(dag)[:_LEAST].lower()


def deployment_stem(deployment: str) -> str:
    """Return the beginning that the names of all other jobs of *deployment* share."""
    name = slugify(deployment)[:_DEPLOYMENT].strip("-").lower()
    return f"{name}-" if name else ""


def is_own(name: str) -> bool:
    """Return whether the operators may have named a job so, or its tuning job."""
    return owner_key(_TRIAL.sub("", name)) is not None


def reuse_key(digest: str) -> str:
    """Return the part that the names of all jobs of one request share."""
    return digest[:_REQUEST]


def owner_key(name: str) -> str | None:
    """Return the :attr:`Identity.key` in a job's *name*; None if it has none."""
    match = _NAME.search(name)
    return match[2] if match else None


def content_name(prefix: str, content: Mapping[str, Any], limit: int = JOB_LIMIT) -> str:
    """Return a name for a resource that is defined by its content, apart from its tags."""
    untagged = {key: value for key, value in content.items() if key != "Tags"}
    return f"{stem(prefix, limit)}-{request_hash(untagged)[:_DIGEST]}"


def version_of(arn: str) -> str:
    """Return the group and the number of a model package version, such as ``churn/3``."""
    return arn.partition("/")[2]


def stem(prefix: str, limit: int = JOB_LIMIT) -> str:
    """Return the beginning of all names of :func:`content_name` with this *prefix*."""
    return readable([prefix], limit - _DIGEST - 1)


def readable(parts: Sequence[str], limit: int, whole: str | None = None) -> str:
    """Join *parts* with hyphens, shortening the longest ones until they fit.

    The part *whole* is shortened last, once the others are down to four characters, and from its
    beginning: the end of a run's date distinguishes two runs of one minute.
    """
    slugs = [slug for part in parts if (slug := slugify(part))]
    kept = slugify(whole or "")
    while len("-".join(slugs)) > limit:
        others = [i for i, slug in enumerate(slugs) if slug != kept and len(slug) > _LEAST]
        at = others or range(len(slugs))
        longest = max(at, key=lambda i: (len(slugs[i]), slugs[i] == kept))
        cut = slugs[longest][1:] if slugs[longest] == kept else slugs[longest][:-1]
        kept = cut if slugs[longest] == kept else kept
        slugs[longest] = cut.strip("-")
    return "-".join(slugs)


def slugify(text: str) -> str:
    """Reduce text to letters, digits and single hyphens, which every SageMaker name allows."""
    return re.sub(r"[^a-zA-Z0-9]+", "-", text).strip("-")


def _short_run(run: str) -> str:
    """Shorten `scheduled__2024-05-06T00:00:00+00:00_x7` to s20240506T000000; keep other ids."""
    match = re.search(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)", run)
    return f"{run[0]}{''.join(match.groups()[:3])}T{''.join(match.groups()[3:])}" if match else run


def _written(key: str, text: str) -> list[dict[str, str]]:
    """Return *text* as tags, with ``@7E`` for a character that AWS refuses."""
    escaped = quote(text, safe=_TAG_SAFE).replace("~", "%7E").replace("%", "@")
    pieces = [escaped[at : at + _TAG_VALUE] for at in range(0, len(escaped) or 1, _TAG_VALUE)]
    return [{"Key": _piece(key, n), "Value": piece} for n, piece in enumerate(pieces, start=1)]


def _read(tags: Mapping[str, str], key: str) -> str:
    """Return the text that :func:`_written` turned into *tags*."""
    numbers = takewhile(lambda n: _piece(key, n) in tags, count(1))
    return unquote("".join(tags[_piece(key, n)] for n in numbers).replace("@", "%"))


def _piece(key: str, number: int) -> str:
    return key if number == 1 else f"{key}-{number}"
