"""Read what each page shows first when Airflow's API server starts, so that no page waits for AWS.

The responses become the snapshots that the first opening of a page shows. They are read one after
another, which takes some dozens of calls of AWS within seconds; requests go first.
"""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import logging
from typing import Any

from prodml.aws.client import load_descriptions
from prodml.ui import drift, models, studio
from prodml.ui.first import PAGES, Asked, Requests

ORDER = ("models", "endpoints", "jobs", "experiments", "costs", "drift")
# What pages draw after their first pictures, which takes long to read.
LATER = (Asked("drift", drift.all_histories, {}), Asked("models/costs", models.all_costs, {}))
SERVICES = "sagemaker cloudwatch s3 resourcegroupstaggingapi application-autoscaling".split()
COLLECTIONS = 50_000, 20, 20  # the thresholds of garbage collection: seventy times fewer
PAUSE = 0.3  # seconds between two reads, for a page that is opened meanwhile

log = logging.getLogger(__name__)


class _UnreadableError(Exception):
    """Raised when AWS could not be read; pages that are opened say why, and what to do."""


def prepare() -> None:
    """Do what the first request would wait for otherwise, without a call of AWS."""
    studio.compress_files()
    load_descriptions(SERVICES)
    # A full collection of Airflow's half a million objects takes half a second, in which nothing
    # else runs. What is loaded now stays until the process ends.
    gc.freeze()
    # A collection that begins while SQLAlchemy materializes the `__dict__` of an object's state can
    # crash Python 3.11, which frees the values of such a dictionary twice then.
    gc.set_threshold(*COLLECTIONS)


def warm() -> None:
    """Read what each page shows first; stop at the first response that is an error."""
    try:
        asyncio.run(_pages())
    except _UnreadableError as error:
        log.info("Studio's pages will read AWS when they are opened: %s", error)


async def _pages() -> None:
    for page in ORDER:
        await _read_all(PAGES[page]({}))
    for asked in LATER:
        await _read(asked)


async def _read_all(requests: Requests) -> None:
    """Read what a page asks for first; a later request may name what an earlier one lists."""
    document = None
    while True:
        try:
            asked = requests.send(document)
        except StopIteration:
            return
        document = await _read(asked)


async def _read(asked: Asked) -> Any:
    """Return the document that the route responds to a request."""
    response = await asked.route(address=asked.address, **asked.arguments)
    if response.status_code != 200:
        raise _UnreadableError(bytes(response.body).decode())
    await asyncio.sleep(PAUSE)
    return json.loads(gzip.decompress(bytes(response.body)))
