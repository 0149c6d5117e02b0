"""RecordIO-protobuf: AWS's `aialgs.data.Record` messages, each in its own frame.

The schema is sagemaker-sdk's record.proto; only the numbers are read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np
from errors import UserError

MAGIC = 0xCED7230A
FEATURES, LABEL = 1, 2  # maps of Record
TENSORS = {2: np.dtype("<f4"), 3: np.dtype("<f8"), 7: np.dtype("<i4")}  # members of Value
VALUES, KEYS, SHAPE = 1, 2, 3  # members of a tensor
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
Field = tuple[int, int, bytes | int]


def table(data: bytes) -> np.ndarray:
    """Return one row for each record: label, then features; omitted sparse features are missing.

    :raises UserError: The bytes are not RecordIO-protobuf.
    """
    try:
        records = [_record(frame) for frame in _frames(data)]
    except (struct.error, IndexError, ValueError) as error:
        raise UserError(
            "Loading recordio-protobuf data failed with Exception, please ensure data is in "
            f"recordio-protobuf format: {error}"
        ) from None
    width = max((int(columns[-1]) + 1 for _, columns, _ in records if len(columns)), default=0)
    rows = np.full((len(records), width + 1), np.nan)
    for row, (label, columns, values) in zip(rows, records, strict=True):
        row[0] = label
        row[columns + 1] = values
    return rows


def _frames(data: bytes) -> Iterator[bytes]:
    offset = 0
    while offset < len(data):
        magic, length = struct.unpack_from("<II", data, offset)
        if magic != MAGIC:
            raise ValueError(f"no record begins at byte {offset}")
        offset += 8
        if offset + length > len(data):
            raise ValueError(f"the record at byte {offset} is cut off")
        yield data[offset : offset + length]
        offset += (length + 3) // 4 * 4


def _record(frame: bytes) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the label (NaN if missing), the features' columns and their values."""
    label, columns, values = np.nan, np.empty(0, int), np.empty(0)
    for number, _, entry in _fields(frame):
        if number in (FEATURES, LABEL):
            numbers, keys = _tensor(_value_of(_bytes(entry)))
            if number == LABEL:
                label = float(numbers[0])
            else:
                values = numbers
                columns = keys if len(keys) else np.arange(len(numbers))
    return label, columns, values


def _value_of(entry: bytes) -> bytes:
    """Return the value of a map's entry; the only key that is used is `values`."""
    return next((_bytes(value) for number, _, value in _fields(entry) if number == 2), b"")


def _tensor(value: bytes) -> tuple[np.ndarray, np.ndarray]:
    for number, _, tensor in _fields(value):
        if kind := TENSORS.get(number):
            parts = list(_fields(_bytes(tensor)))
            integers = kind.kind == "i"
            return _numbers(parts, kind, integers), _varints(parts, KEYS)
    raise ValueError("a record holds neither float32, float64 nor int32 numbers")


def _numbers(parts: list[Field], kind: np.dtype, integers: bool) -> np.ndarray:
    if integers:
        return _varints(parts, VALUES).astype("int32").astype(float)
    packed = b"".join(_bytes(value) for number, _, value in parts if number == VALUES)
    return np.frombuffer(packed, kind).astype(float)


def _varints(parts: list[Field], wanted: int) -> np.ndarray:
    """Return repeated integers, packed or one by one."""
    integers: list[int] = []
    for number, wire, value in parts:
        if number == wanted:
            integers += [int(value)] if wire == VARINT else _unpacked(_bytes(value))
    return np.array(integers, dtype=np.uint64).astype(np.int64)  # negative numbers wrap around


def _unpacked(data: bytes) -> list[int]:
    values, offset = [], 0
    while offset < len(data):
        value, offset = _varint(data, offset)
        values.append(value)
    return values


def _fields(message: bytes) -> Iterator[Field]:
    """Yield the fields of a protobuf message: number, wire type, value."""
    offset = 0
    while offset < len(message):
        tag, offset = _varint(message, offset)
        wire = tag & 7
        if wire == VARINT:
            value, offset = _varint(message, offset)
            yield tag >> 3, wire, value
            continue
        length = {FIXED64: 8, FIXED32: 4}.get(wire)
        if length is None:
            length, offset = _varint(message, offset)
        yield tag >> 3, wire, message[offset : offset + length]
        offset += length


def _varint(data: bytes, offset: int) -> tuple[int, int]:
    """Return an integer in groups of seven bits, and the offset after it."""
    value = shift = 0
    while True:
        byte = data[offset]
        value |= (byte & 0x7F) << shift
        offset, shift = offset + 1, shift + 7
        if byte < 0x80:
            return value, offset


def _bytes(value: bytes | int) -> bytes:
    if isinstance(value, int):
        raise ValueError("a number stands where a message should")
    return value
