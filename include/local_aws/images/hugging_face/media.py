"""Decode requests to the inputs of pipelines and encode their results, by media type."""

from __future__ import annotations

import base64
import csv
import io
import json
from typing import Any

from sagemaker_inference.errors import UnsupportedFormatError

JSON, CSV = "application/json", "text/csv"
PICTURES = {
    f"image/{kind}": kind.upper() for kind in ("jpeg", "png", "tiff", "bmp", "gif", "webp")
} | {"image/x-image": "PNG"}
SOUNDS = ("audio/x-flac", "audio/mpeg", "audio/wave", "audio/ogg", "audio/x-audio")
HEADERS = ("question", "context", "inputs")  # a table has one of them in its first line


def decode(body: Any, media_type: str) -> Any:
    """Return the document of a request: a mapping with `inputs`, or the inputs themselves."""
    if media_type == JSON:
        return json.loads(body)
    if media_type == CSV:
        return {"inputs": _rows(body)}
    if media_type in PICTURES:
        from PIL import Image

        return {"inputs": Image.open(io.BytesIO(body)).convert("RGB")}
    if media_type in SOUNDS:
        return {"inputs": bytes(body)}
    raise UnsupportedFormatError(media_type)


def encode(result: Any, media_type: str) -> str | bytes:
    """Return the body of a response."""
    if media_type == JSON:
        return json.dumps(
            result, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
        )
    if media_type == CSV:
        rows = result if isinstance(result, list) else [result]
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue()
    if media_type in PICTURES:
        return _saved(result, PICTURES[media_type])
    raise UnsupportedFormatError(media_type)


def _rows(body: str) -> list[Any]:
    """Return the column `inputs` of a table, else its rows."""
    if not any(header in body.partition("\n")[0].lower() for header in HEADERS):
        raise ValueError(
            f"The first line of the CSV has none of the headers {', '.join(HEADERS)}. Add one."
        )
    rows = list(csv.DictReader(io.StringIO(body)))
    return [row["inputs"] for row in rows] if rows and "inputs" in rows[0] else rows


def _plain(value: Any) -> Any:
    """Return a number, an array or a picture as JSON has it."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "save"):
        return base64.b64encode(_saved(value, "PNG")).decode()
    return str(value)


def _saved(picture: Any, kind: str) -> bytes:
    file = io.BytesIO()
    picture.save(file, format=kind)
    return file.getvalue()
