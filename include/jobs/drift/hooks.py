"""Run pre- and post-processing scripts that are written for Model Monitor."""

from __future__ import annotations

import logging
import runpy
from pathlib import Path

from .capture import Hook
from .documents import Json
from .errors import UnreadableData, quoted
from .observation import INPUT, OUTPUT


def preprocessor(path: Path | None) -> Hook | None:
    """Return `preprocess_handler(inference_record)`, which may take a logger too."""
    if not path:
        return None
    handler = runpy.run_path(str(path)).get("preprocess_handler")
    if not handler:
        raise UnreadableData(f"{path.name} defines no preprocess_handler. Define it.")
    if handler.__code__.co_argcount > 1:
        return lambda record: handler(Record(record), logging.getLogger("preprocess"))
    return lambda record: handler(Record(record))


def postprocess(path: Path | None) -> None:
    """Call `postprocess_handler()` after everything is written."""
    if not path:
        return
    try:
        runpy.run_path(str(path))["postprocess_handler"]()
    except Exception as error:  # noqa: BLE001  (whatever the user's code raises, say where)
        raise UnreadableData(
            f"{path.name} failed: {quoted(repr(error))}. It has to define a "
            "postprocess_handler() that works; the files of the analysis are written."
        ) from None


class Record:
    """A capture record for pre-processing scripts: `record.endpoint_input.data`."""

    def __init__(self, record: Json) -> None:
        halves = record["captureData"]
        self.endpoint_input = Half(halves.get(INPUT, {}))
        self.endpoint_output = Half(halves.get(OUTPUT, {}))
        self.event_metadata = Event(record["eventMetadata"])


class Event:
    """A record's metadata."""

    def __init__(self, event: Json) -> None:
        self.event_id = event["eventId"]
        self.inference_id = event.get("inferenceId")
        self.inference_time = event["inferenceTime"]
        self.custom_attribute = event.get("customAttributes", [])


class Half:
    """The input or output of a record."""

    def __init__(self, half: Json) -> None:
        self.data = half.get("data", "")
        self.encoding = half.get("encoding", "")
        self.observed_content_type = half.get("observedContentType", "")
