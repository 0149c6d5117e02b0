"""The encodings of bodies: JSON, and CBOR, which CloudWatch accepts as well."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, MapShape, Shape, ShapeResolver, StructureShape
from botocore.parsers import ResponseParserError, RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer

from .errors import AwsError
from .model import project

SPECIAL = ("NaN", "Infinity", "-Infinity")
MOST_DEPTH = 200
MOST_LENGTH = 4 << 20  # bytes of one CBOR string: the limit of a body
TEXT = {"type": "string"}
ERROR = ShapeResolver(
    {
        "Text": TEXT,
        "Error": {
            "type": "structure",
            "members": {"__type": {"shape": "Text"}, "message": {"shape": "Text"}},
        },
    }
).get_shape_by_name("Error")


@dataclass(frozen=True)
class Codec:
    """Reads a request and writes a response of a given shape, in one protocol."""

    read: Callable[[bytes, Shape | None], Any]
    write: Callable[[Any, Shape | None], bytes]
    content_type: str
    extra: tuple[tuple[bytes, bytes], ...] = ()
    status: int = 200  # of a successful response

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        return (b"content-type", self.content_type.encode()), *self.extra

    def parsed(self, body: bytes, shape: Shape | None = None) -> Any:
        """Return the request in *body*; raise AwsError if it cannot be parsed."""
        try:
            return _present(self.read(body, shape), MOST_DEPTH)
        except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
            raise AwsError("SerializationException", "Could not parse request body") from None


def _present(value: Any, levels: int) -> Any:
    """Leave out members that are null, which AWS treats as missing.

    Raise RecursionError for nesting beyond *levels*, which would exhaust the stack.
    """
    if not isinstance(value, dict | list):
        return value
    if not levels:
        raise RecursionError(f"nested deeper than {MOST_DEPTH} levels")
    if isinstance(value, list):
        return [_present(item, levels - 1) for item in value]
    return {key: _present(item, levels - 1) for key, item in value.items() if item is not None}


def _read_json(body: bytes, shape: Shape | None) -> Any:
    floats: list[float] = []

    def number(text: str) -> float:
        floats.append(_finite(text))
        return floats[-1]

    document = json.loads(body or b"{}", parse_constant=_refuse_constant, parse_float=number)
    if b"\\u" in body:
        json.dumps(document, ensure_ascii=False).encode()  # raises for an unpaired surrogate
    return _whole(document, shape) if any(map(float.is_integer, floats)) else document


def _whole(value: Any, shape: Shape | None) -> Any:
    """Convert whole floats such as 5.0 and 1e3 to integers where *shape* has integers."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members = shape.members
        return {key: _whole(item, members.get(key)) for key, item in value.items()}
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _whole(item, shape.value) for key, item in value.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_whole(item, shape.member) for item in value]
    is_whole = shape is not None and shape.type_name in ("integer", "long")
    if is_whole and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _read_metrics(body: bytes, shape: Shape | None) -> Any:
    """Read JSON whose numbers may be NaN or infinite, which are written as strings."""
    return _with_floats(_read_json(body, shape), shape)


def _with_floats(value: Any, shape: Shape | None) -> Any:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members = shape.members
        return {key: _with_floats(item, members.get(key)) for key, item in value.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_with_floats(item, shape.member) for item in value]
    if shape is not None and shape.type_name in ("float", "double") and value in SPECIAL:
        return float(value)
    return value


def _refuse_constant(name: str) -> float:
    """Refuse NaN and Infinity, which Python parses but JSON and SQLite do not have."""
    raise ValueError(f"{name} is not JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is out of the range of numbers.")
    return number


def _write_json(document: Any, shape: Shape | None) -> bytes:
    return json.dumps(project(document, shape) if shape else {}).encode()


class _CborReader(RpcV2CBORParser):  # type: ignore[misc]  # botocore ships no types
    """Reads CBOR requests with botocore's parser of responses: the encoding is the same."""

    def read(self, body: bytes, shape: Shape | None) -> Any:
        try:
            return _whole(self._initial_body_parse(body) or {}, shape)
        except ResponseParserError as error:
            raise ValueError(str(error)) from error

    def _read_from_stream(self, stream: Any, num_bytes: int) -> bytes:
        """Read at most the length of the body, since Python allocates the requested size first."""
        if num_bytes > MOST_LENGTH:
            raise ValueError(f"A CBOR length of {num_bytes} is beyond its body.")
        data: bytes = super()._read_from_stream(stream, num_bytes)
        return data


def _write_cbor(document: Any, shape: Shape | None) -> bytes:
    if shape is None:
        return b"\xa0"  # the empty map
    encoded: bytes = RpcV2CBORSerializer()._serialize_body_params(project(document, shape), shape)
    return encoded


JSON = Codec(_read_json, _write_json, "application/x-amz-json-1.1")
METRICS = Codec(_read_metrics, _write_json, "application/x-amz-json-1.0")
CBOR = Codec(
    _CborReader(timestamp_parser=float).read,
    _write_cbor,
    "application/cbor",
    ((b"smithy-protocol", b"rpc-v2-cbor"),),
)
