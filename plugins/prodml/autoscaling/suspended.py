"""Scaling that an update had to take off, written on the endpoint itself until it is on again.

The task may die in between, or be marked failed while it is deferred. The next try, the next
deployment or :class:`~prodml.operators.autoscaling.RestoreScalingOperator` finds the note and puts
everything back. The note is a row of tags; a tag's value holds at most 256 characters of Base64.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from prodml.autoscaling import registrations
from prodml.aws.client import Aws
from prodml.aws.tags import tag, tags_of, untag
from prodml.naming import TAG
from prodml.vocabulary import EndpointStatus, Json

NOTE = f"{TAG}released-"
PIECE = 192  # bytes that 256 characters of Base64 hold


@dataclass(frozen=True)
class Note:
    """What is off, since when, and the tags that say so."""

    targets: list[Json]  # as scaling.restore takes them
    since: datetime
    keys: list[str]

    @classmethod
    def of(cls, tags: Mapping[str, str]) -> Note | None:
        """The note among an endpoint's *tags*; None where nothing is off."""
        keys = sorted(key for key in tags if key.startswith(NOTE))
        if not keys:
            return None
        packed = b"".join(base64.b64decode(tags[key]) for key in keys)
        # Not zlib.decompress: what a longer, earlier note has left behind is none of its data.
        found = json.loads(zlib.decompressobj().decompress(packed))
        return cls(found["targets"], datetime.fromisoformat(found["since"]), keys)


def take_off(aws: Aws, endpoint: Json, variants: Iterable[str]) -> None:
    """Deregister *variants* of a described *endpoint*, as far as they are registered."""
    if not (found := registrations.registered(aws, endpoint["EndpointName"], variants)):
        return
    earlier = read(aws, endpoint)
    note = _written([*(earlier.targets if earlier else ()), *found])
    tag(aws.client("sagemaker"), endpoint["EndpointArn"], note)
    registrations.deregister(aws, found)


def noted(aws: Aws, endpoint: str, variants: Iterable[str]) -> dict[str, str]:
    """The note as tags, for an endpoint that is made anew; none where nothing is registered."""
    found = registrations.registered(aws, endpoint, variants)
    return _written(found) if found else {}


def put_back(aws: Aws, endpoint: Json, variants: Iterable[str]) -> bool:
    """Register again what is off, of the *variants* that there are now; False if nothing was off.

    Only an endpoint in service can be registered; the note of any other one stays.
    """
    if endpoint["EndpointStatus"] != EndpointStatus.IN_SERVICE or not (note := read(aws, endpoint)):
        return False
    registrations.restore(aws, note.targets, variants)
    untag(aws.client("sagemaker"), endpoint["EndpointArn"], note.keys)
    return True


def read(aws: Aws, endpoint: Json) -> Note | None:
    """The note on a described or listed *endpoint*."""
    return Note.of(tags_of(aws.client("sagemaker"), endpoint["EndpointArn"]))


def _written(targets: list[Json]) -> dict[str, str]:
    note = {"since": datetime.now(UTC).isoformat(), "targets": targets}
    packed = zlib.compress(json.dumps(note, separators=(",", ":")).encode(), 9)
    pieces = [packed[start : start + PIECE] for start in range(0, len(packed), PIECE)]
    return {f"{NOTE}{n:02}": base64.b64encode(piece).decode() for n, piece in enumerate(pieces)}
