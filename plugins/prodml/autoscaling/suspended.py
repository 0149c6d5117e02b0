"""Record on the endpoint itself the scaling that an update had to suspend.

The task may die during the update, or be marked failed while it is deferred. The next try, the next
deployment or :class:`~prodml.operators.autoscaling.RestoreScalingOperator` reads the note and
restores the scaling. The note is a series of tags; a value holds at most 256 characters of Base64.
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
FIRST = f"{NOTE}00"  # the tag that every note has
PIECE = 192  # bytes that 256 characters of Base64 hold


@dataclass(frozen=True)
class Note:
    """The suspended scalable targets, the time, and the keys of the tags that hold them."""

    targets: list[Json]  # as registrations.restore takes them
    since: datetime
    keys: list[str]

    @classmethod
    def of(cls, tags: Mapping[str, str]) -> Note | None:
        """Return the note in an endpoint's *tags*; None if no scaling is suspended."""
        keys = sorted(key for key in tags if key.startswith(NOTE))
        if not keys:
            return None
        packed = b"".join(base64.b64decode(tags[key]) for key in keys)
        # Not zlib.decompress: tags that an earlier, longer note left are trailing data.
        note = json.loads(zlib.decompressobj().decompress(packed))
        return cls(note["targets"], datetime.fromisoformat(note["since"]), keys)


def take_off(aws: Aws, endpoint: Json, variants: Iterable[str]) -> None:
    """Deregister those *variants* of a described *endpoint* that are registered."""
    if not (registered := registrations.registered(aws, endpoint["EndpointName"], variants)):
        return
    earlier = read(aws, endpoint)
    note = _written([*(earlier.targets if earlier else ()), *registered])
    tag(aws.client("sagemaker"), endpoint["EndpointArn"], note)
    registrations.deregister(aws, registered)


def noted(aws: Aws, endpoint: str, variants: Iterable[str]) -> dict[str, str]:
    """Return the note as tags for a new endpoint; empty if no variant is registered."""
    targets = registrations.registered(aws, endpoint, variants)
    return _written(targets) if targets else {}


def put_back(aws: Aws, endpoint: Json, variants: Iterable[str]) -> bool:
    """Restore the suspended scaling of those *variants* that exist; False if none was suspended.

    Only an endpoint in service can be registered; otherwise the note stays.
    """
    if endpoint["EndpointStatus"] != EndpointStatus.IN_SERVICE or not (note := read(aws, endpoint)):
        return False
    registrations.restore(aws, note.targets, variants)
    untag(aws.client("sagemaker"), endpoint["EndpointArn"], note.keys)
    return True


def read(aws: Aws, endpoint: Json) -> Note | None:
    """Return the note on a described or listed *endpoint*."""
    return Note.of(tags_of(aws.client("sagemaker"), endpoint["EndpointArn"]))


def _written(targets: list[Json]) -> dict[str, str]:
    note = {"since": datetime.now(UTC).isoformat(), "targets": targets}
    packed = zlib.compress(json.dumps(note, separators=(",", ":")).encode(), 9)
    pieces = [packed[start : start + PIECE] for start in range(0, len(packed), PIECE)]
    return {f"{NOTE}{n:02}": base64.b64encode(piece).decode() for n, piece in enumerate(pieces)}
