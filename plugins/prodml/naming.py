"""The name is the lock: SageMaker refuses a second job of a name, so names are computed.

A name is made of what a person looks for (deployment, pipeline, run, task, map index), of a digest
of the request and of a digest of the task, such as
``local-retrain-churn-s20240506T000000-train-2-3f0c9a1e-9b2d4c``. The same task of the same run
asking for the same thing always arrives at the same name; anything else arrives at another. Jobs of
one request are found by the first digest, jobs of one task by the second. In the 32 characters of a
tuning job, ``tune-417-tune-3f0c9a1e-9b2d4c``, the deployment is left to the digest and the tags.
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
_LEAST = 4  # characters of a part that still say something
_ROOMY = 24  # characters that hold four parts a person can read
_NAME = re.compile(rf"-([0-9a-f]{{{_REQUEST}}})-([0-9a-f]{{{_OWNER}}})(?:-([0-9]{{1,2}}))?$")
TAG = "prodml:"
_TAG_VALUE = 256  # characters that AWS takes
_TAG_SAFE = " .:/=+"  # beside letters, digits, `_` and `-`; `@` begins an escape


@dataclass(frozen=True)
class Identity:
    """Which task of which run of which Airflow asks."""

    deployment: str
    dag: str
    run: str
    task: str
    map_index: int = -1

    def parts(self) -> list[str]:
        """What a person reads in the name, most general first."""
        return [self.deployment, self.dag, _short_run(self.run), self.task, *self._index()]

    def fewer_parts(self) -> list[str]:
        """What is read where there is little room: neither the deployment nor the task's groups."""
        return [self.dag, _short_run(self.run), self.task.rpartition(".")[2], *self._index()]

    def _index(self) -> list[str]:
        return [str(self.map_index)] if self.map_index >= 0 else []

    def same_run(self, other: Identity) -> bool:
        """Whether both are of one run of one DAG of one Airflow."""
        mine, theirs = ((i.deployment, i.dag, i.run) for i in (self, other))
        return mine == theirs

    @property
    def key(self) -> str:
        """What the names of all jobs of this task have in common, and no other task's."""
        return request_hash(list(vars(self).values()))[:_OWNER]

    def tags(self, try_number: int, request_hash: str) -> list[dict[str, str]]:
        """Tags by which a sweep or a person finds the owner of a job.

        A value that is too long for one tag goes on in another, such as ``prodml:run-2``.
        """
        values = {
            "deployment": self.deployment,
            "dag": self.dag,
            "run": self.run,
            "task": self.task,
            "map-index": str(self.map_index),
            "try": str(try_number),
            "request-hash": request_hash,
        }
        return [tag for name, value in values.items() for tag in _written(TAG + name, value)]


def identity_of(tags: Mapping[str, str]) -> Identity | None:
    """The task that a job's *tags*, by key, name; None for a job of somebody else."""
    keys = [TAG + field.name.replace("_", "-") for field in fields(Identity)]
    if not set(keys) <= tags.keys():
        return None
    deployment, dag, run, task, index = (_read(tags, key) for key in keys)
    return Identity(deployment, dag, run, task, int(index))


def request_hash(request: Any) -> str:
    """A digest of what decides the result, whatever the order of its keys."""
    canonical = json.dumps(request, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def job_name(identity: Identity, digest: str, attempt: int = 1, limit: int = JOB_LIMIT) -> str:
    """A readable name of at most *limit* characters; the first attempt carries no number."""
    keys = f"{reuse_key(digest)}-{identity.key}"
    room = limit - len(keys) - 1 - _ROOM_FOR_ATTEMPT
    parts = identity.parts() if room >= _ROOMY else identity.fewer_parts()
    base = f"{readable(parts, room, whole=_short_run(identity.run))}-{keys}"
    return base if attempt == 1 else f"{base}-{attempt}"


def reuse_key(digest: str) -> str:
    """What the names of all jobs of one request have in common, whoever asked."""
    return digest[:_REQUEST]


def owner_key(name: str) -> str | None:
    """The :attr:`Identity.key` in a job's *name*; None if the name is not one of ours."""
    found = _NAME.search(name)
    return found[2] if found else None


def content_name(prefix: str, content: Mapping[str, Any], limit: int = JOB_LIMIT) -> str:
    """A name for what is defined by its content alone, such as a model or an endpoint config."""
    return f"{stem(prefix, limit)}-{request_hash(content)[:_DIGEST]}"


def stem(prefix: str, limit: int = JOB_LIMIT) -> str:
    """What all names of :func:`content_name` with this *prefix* begin with."""
    return readable([prefix], limit - _DIGEST - 1)


def readable(parts: Sequence[str], limit: int, whole: str | None = None) -> str:
    """Join *parts* with hyphens, shortening the longest ones until they fit.

    The part that is *whole* is shortened last, once the others are down to four characters, and
    from its beginning: the end of a run's date is what tells two runs of one minute apart.
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
    """Letters, digits and single hyphens: what every SageMaker name may hold."""
    return re.sub(r"[^a-zA-Z0-9]+", "-", text).strip("-")


def _short_run(run: str) -> str:
    """`scheduled__2024-05-06T00:00:00+00:00_x7` becomes s20240506T000000; others stay."""
    found = re.search(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)", run)
    return f"{run[0]}{''.join(found.groups()[:3])}T{''.join(found.groups()[3:])}" if found else run


def _written(key: str, text: str) -> list[dict[str, str]]:
    """*text* as tags, with ``@7E`` for a character that AWS refuses in them."""
    escaped = quote(text, safe=_TAG_SAFE).replace("~", "%7E").replace("%", "@")
    pieces = [escaped[at : at + _TAG_VALUE] for at in range(0, len(escaped) or 1, _TAG_VALUE)]
    return [{"Key": _piece(key, n), "Value": piece} for n, piece in enumerate(pieces, start=1)]


def _read(tags: Mapping[str, str], key: str) -> str:
    """The text that :func:`_written` made into *tags*."""
    numbers = takewhile(lambda n: _piece(key, n) in tags, count(1))
    return unquote("".join(tags[_piece(key, n)] for n in numbers).replace("@", "%"))


def _piece(key: str, number: int) -> str:
    return key if number == 1 else f"{key}-{number}"
