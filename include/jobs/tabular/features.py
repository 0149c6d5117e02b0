"""Serve the preprocessing of a model: raw records in, CSV of numbers out.

The handlers of the scikit-learn image for `preprocessing.json`, as the first container of an
inference pipeline. One record that is not in a list makes one line; others are followed by a
repetition of the last one, which :mod:`.answers` takes off: so the last container knows whether to
answer an object or a list, though only lines of CSV pass the model between them.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from pathlib import Path

from .encoding import Encoder, RecordError
from .records import CSV, UnsupportedType, read_records
from .responses import Refusal
from .schema import Schema

DOCUMENT = "preprocessing.json"


class Preprocessing:
    """A schema with the medians of the rows that a model has learned from."""

    def __init__(self, document: str) -> None:
        content = json.loads(document)
        self.schema = Schema.of(content["schema"])
        self._encoder = Encoder(self.schema, content["medians"])

    def encode(self, body: str | bytes, content_type: str) -> str:
        """Return the features of a request's records; raise RecordError."""
        records = read_records(self.schema, body, content_type)
        lines = []
        for number, row in enumerate(records.rows, 1):
            try:
                lines.append(self._encoder.line(row))
            except RecordError as error:
                place = "" if records.alone else f"Record {number}: "
                raise RecordError(f"{place}{error}") from None
        if not records.alone:
            lines.append(lines[-1])
        return "\n".join(lines) + "\n"


def model_fn(model_dir: str) -> Preprocessing:
    return Preprocessing((Path(model_dir) / DOCUMENT).read_text(encoding="utf-8"))


def transform_fn(
    model: Preprocessing, body: str | bytes, content_type: str, accept: str
) -> tuple[str, str] | Refusal:
    """Return the features with their type, whatever is accepted: the next container reads CSV."""
    try:
        return model.encode(body, content_type), CSV
    except UnsupportedType as error:
        return Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, str(error))
    except RecordError as error:
        return Refusal(HTTPStatus.BAD_REQUEST, str(error))
