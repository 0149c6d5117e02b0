"""Serve the preprocessing of digits: a PNG image in, CSV of its pixels out.

The handlers of the scikit-learn image for the first container of the pipeline. Records of pixels,
as CSV or JSON, are taken too: a batch transform sends them.
"""

from __future__ import annotations

from http import HTTPStatus

from ..tabular.features import Preprocessing, model_fn
from ..tabular.features import transform_fn as transform_records
from ..tabular.records import CSV
from ..tabular.responses import Refusal
from .png import BadImage, decode
from .schema import PNG, SIDE

__all__ = ["model_fn", "transform_fn"]


def pixels(data: bytes) -> list[int]:
    """Return the pixels of an image, row by row; raise BadImage for one of another size."""
    rows = decode(data)
    if (size := (len(rows[0]) if rows else 0, len(rows))) != (SIDE, SIDE):
        raise BadImage(f"it has {size[0]} x {size[1]} pixels. Scale it to {SIDE} x {SIDE}.")
    return [value for row in rows for value in row]


def transform_fn(
    model: Preprocessing, body: str | bytes, content_type: str, accept: str
) -> tuple[str, str] | Refusal:
    """Return the features of an image, or of records."""
    if content_type.partition(";")[0].strip().lower() != PNG:
        return transform_records(model, body, content_type, accept)
    try:
        values = pixels(body.encode("latin-1") if isinstance(body, str) else bytes(body))
    except BadImage as error:
        return Refusal(HTTPStatus.BAD_REQUEST, f"The image cannot be read: {error}")
    return transform_records(model, ",".join(map(str, values)), CSV, accept)
