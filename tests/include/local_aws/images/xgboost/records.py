"""RecordIO-protobuf as AWS's SDKs write it: by the protobuf library, from the published schema."""

from __future__ import annotations

import struct
from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

Field = descriptor_pb2.FieldDescriptorProto
PACKAGE = "aialgs.data"
MAGIC = 0xCED7230A
# Members of Value: their numbers, and the type of the numbers that they hold.
TENSORS = {"float32_tensor": (2, Field.TYPE_FLOAT), "int32_tensor": (7, Field.TYPE_INT32)}


def recordio(rows: list[list[float]], tensor: str = "float32_tensor") -> bytes:
    """Encode one frame per row, with the label first; a row with zeros is written sparsely."""
    messages = (_record(row, tensor) for row in rows)
    return b"".join(_framed(message) for message in messages)


def labels(data: bytes) -> list[dict[str, list[float]]]:
    """Return the numbers of each frame's labels, by their keys."""
    decoded = []
    while data:
        magic, length = struct.unpack_from("<II", data)
        assert magic == MAGIC
        record = _record_class()()
        record.ParseFromString(data[8 : 8 + length])
        decoded.append({key: [*value.float32_tensor.values] for key, value in record.label.items()})
        data = data[8 + length + -length % 4 :]
    return decoded


def _framed(message: bytes) -> bytes:
    padding = b"\0" * (-len(message) % 4)
    return struct.pack("<II", MAGIC, len(message)) + message + padding


def _record(row: list[float], tensor: str) -> bytes:
    number = int if tensor.startswith("int") else float
    record = _record_class()()
    getattr(record.label["values"], tensor).values.append(number(row[0]))
    features = getattr(record.features["values"], tensor)
    kept = {column: value for column, value in enumerate(row[1:]) if value}
    features.values.extend(map(number, kept.values()))
    if len(kept) < len(row) - 1:
        features.keys.extend(kept)
        features.shape.append(len(row) - 1)
    return bytes(record.SerializeToString())


@cache
def _record_class() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="record.proto", package=PACKAGE)
    value = file.message_type.add(name="Value")
    value.oneof_decl.add(name="value")
    for member, (number, numbers) in TENSORS.items():
        tensor = file.message_type.add(name=member)
        for position, field in enumerate(("values", "keys", "shape"), start=1):
            kind = numbers if field == "values" else Field.TYPE_UINT64
            added = tensor.field.add(name=field, number=position, type=kind, label=3)
            added.options.packed = True
        _member(value, member, number, tensor.name).oneof_index = 0
    record = file.message_type.add(name="Record")
    for number, member in enumerate(("features", "label"), start=1):
        entry = record.nested_type.add(name=f"{member.title()}Entry")
        entry.options.map_entry = True
        entry.field.add(name="key", number=1, type=Field.TYPE_STRING, label=1)
        _member(entry, "value", 2, "Value")
        _member(record, member, number, f"Record.{entry.name}").label = Field.LABEL_REPEATED
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.Record"))


def _member(message: Any, name: str, number: int, kind: str) -> Any:
    full = f".{PACKAGE}.{kind}"
    return message.field.add(
        name=name, number=number, type=Field.TYPE_MESSAGE, type_name=full, label=1
    )
