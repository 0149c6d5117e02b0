"""Documents as bytes of each protocol, with invalid forms that no library writes."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus


class Raw(bytes):
    """The raw bytes of a value; JSON has them as text."""


def json_of(value: Any) -> bytes:
    return json.dumps(value, default=lambda raw: raw.decode("latin-1")).encode()


def cbor_of(value: Any) -> bytes:
    """Return *value* as CBOR; an unpaired surrogate becomes invalid UTF-8."""
    if isinstance(value, Raw):
        return bytes(value)
    if isinstance(value, bool) or value is None:
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
    if isinstance(value, int):
        return _cbor_whole(value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, str):
        text = value.encode("utf-8", "surrogatepass")
        return _cbor_head(3, len(text)) + text
    if isinstance(value, dict):
        pairs = (cbor_of(key) + cbor_of(item) for key, item in value.items())
        return _cbor_head(5, len(value)) + b"".join(pairs)
    return _cbor_head(4, len(value)) + b"".join(map(cbor_of, value))


def _cbor_whole(value: int) -> bytes:
    if -(1 << 64) <= value < 1 << 64:
        return _cbor_head(0, value) if value >= 0 else _cbor_head(1, -1 - value)
    size = value.bit_length() // 8 + 1
    return b"\xc2" + _cbor_head(2, size) + abs(value).to_bytes(size, "big")


def _cbor_head(major: int, length: int) -> bytes:
    if length < 24:
        return bytes([major << 5 | length])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if length < 1 << 8 * size:
            return bytes([major << 5 | info]) + length.to_bytes(size, "big")
    raise ValueError(f"CBOR has no length of {length}.")


def form_of(action: str, value: Any) -> bytes:
    """Return a request of the query protocol."""
    pairs = [("Action", action), ("Version", "2010-08-01"), *_parameters(value, "")]
    return "&".join(f"{_escaped(name)}={_escaped(text)}" for name, text in pairs).encode()


def _escaped(text: str) -> str:
    return quote_plus(text, errors="surrogatepass")


def _parameters(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _parameters(item, f"{name}.{key}".strip("."))
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _parameters(item, f"{name}.member.{number}")
    elif isinstance(value, Raw):
        yield name, value.decode("latin-1")
    else:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)
