"""Encode predictions as RecordIO-protobuf: an `aialgs.data.Record` for each, in its own frame.

AWS's container writes the records that came before into each frame again, which a reader of
protobuf merges into the same record; here each frame has its own record alone.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from recordio import BYTES, LABEL, MAGIC, VALUES

KEY, VALUE = 1, 2  # members of a map's entry
FLOAT32 = 2  # member of Value


def encoded(predictions: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the frames of *predictions*, whose values are numbers or lists of numbers."""
    return b"".join(_framed(_record(prediction)) for prediction in predictions)


def _record(prediction: Mapping[str, Any]) -> bytes:
    return b"".join(_member(LABEL, _entry(key, value)) for key, value in prediction.items())


def _entry(key: str, value: Any) -> bytes:
    numbers = np.atleast_1d(np.asarray(value, "<f4")).tobytes()
    tensor = _member(FLOAT32, _member(VALUES, numbers))
    return _member(KEY, key.encode()) + _member(VALUE, tensor)


def _member(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | BYTES) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])


def _framed(message: bytes) -> bytes:
    return struct.pack("<II", MAGIC, len(message)) + message + b"\0" * (-len(message) % 4)
