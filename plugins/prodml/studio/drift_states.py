"""Read the newest verdict of the drift checks of each model in production."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypedDict

from prodml.aws.client import Clients
from prodml.aws.s3 import objects, split
from prodml.studio.drift import folder, read_window, window
from prodml.studio.models import searched
from prodml.studio.reader import FOREVER, MINUTE, KeepingClients, Reader
from prodml.studio.together import together
from prodml.vocabulary import Json

RECENT = timedelta(days=31)  # windows that are listed first: a year of hourly ones is many calls
A_MINUTE = 2  # listings, for all models together


class DriftState(TypedDict):
    """The newest verdict on a model's endpoint, and what alerts."""

    model: str
    outcome: str
    end: str
    alerting: list[str]
    action: str
    why: str


def drift_states(reader: Reader, root: str) -> list[DriftState]:
    """Return the newest verdict of each endpoint that a check of the pipeline of its name judged.

    A listing is kept for longer where there are many endpoints, so that an open page costs two of
    them a minute at most.
    """
    groups = {group["ModelPackageGroupName"] for group in searched(reader, "ModelPackageGroup")}
    names = sorted(e["EndpointName"] for e in searched(reader, "Endpoint"))
    models = [name for name in names if name in groups]
    listing = KeepingClients(reader, max(MINUTE, len(models) * MINUTE / A_MINUTE))
    read = partial(_state, listing, KeepingClients(reader, FOREVER), root)
    return [state for state in together(read, models) if state]


def _state(listing: Clients, contents: Clients, root: str, model: str) -> DriftState | None:
    place = folder(root, model, model)
    if (newest := _newest(listing, place)) is None:
        return None
    bucket, _ = split(place)
    judged = window("", read_window(contents.client("s3"), bucket, newest))
    return {
        "model": model,
        "outcome": judged["outcome"],
        "end": judged["end"],
        "alerting": judged["alerting"],
        "action": judged["action"],
        "why": judged["why"],
    }


def _newest(aws: Clients, place: str) -> Json | None:
    """Return the listed object of the newest window; its name is the time when the window ends."""
    since = (datetime.now(UTC) - RECENT).strftime("%Y%m%d")  # of a day, as listings are cached
    s3 = aws.client("s3")
    recent = list(objects(s3, f"{place}/", after=since)) or list(objects(s3, f"{place}/"))
    return max(recent, key=lambda item: str(item["Key"]), default=None)
