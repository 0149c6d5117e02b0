"""The query protocol: requests as forms, responses as XML, both by botocore's models."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from .codecs import Codec
from .errors import AwsError
from .model import project

TEXT_XML = "text/xml"
DEEPEST = 32  # levels of a parameter's name, separated by dots
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Tree = dict[str, Any]  # parameters by the levels of their names; "" is the value


def action_of(form: bytes) -> str:
    """Return the operation that a form names; "" if it names none."""
    try:
        return dict(_pairs(form)).get("Action", "")
    except ValueError:
        return ""


def codec(operation: OperationModel) -> Codec:
    """Return the codec of one operation, after which its response is named."""
    return Codec(
        read=read,
        write=lambda document, shape: write(document, shape, operation),
        content_type=TEXT_XML,
    )


def read(body: bytes, shape: Shape | None) -> Any:
    """Return the request in a form; raise ValueError if it is not a form."""
    tree: Tree = {}
    for name, value in _pairs(body):
        parts = name.split(".")
        if len(parts) > DEEPEST:
            raise ValueError(f"Parameter name of {len(parts)} parts.")
        node = tree
        for part in parts:
            node = node.setdefault(part, {})
        node[""] = value
    return _value(tree, shape, "") if shape else {}


def _pairs(form: bytes) -> list[tuple[str, str]]:
    return parse_qsl(form.decode(), keep_blank_values=True, strict_parsing=bool(form))


def _value(tree: Tree, shape: Shape, path: str) -> Any:
    if isinstance(shape, StructureShape):
        return dict(_members(tree, shape, path))
    if isinstance(shape, ListShape):
        name = shape.member.serialization.get("name", "member")
        entries = tree if shape.serialization.get("flattened") else tree.get(name, {})
        return [_value(entries[n], shape.member, f"{path}.{n}") for n in _numbers(entries)]
    if isinstance(shape, MapShape):
        entries = tree if shape.serialization.get("flattened") else tree.get("entry", {})
        key, value = _pair(shape)
        return {
            _value(pair.get(key, {}), shape.key, path): _value(
                pair.get(value, {}), shape.value, path
            )
            for pair in (entries[number] for number in _numbers(entries))
        }
    return _scalar(tree.get("", ""), shape.type_name, path)


def _pair(shape: MapShape) -> tuple[str, str]:
    """Return the names of keys and values in a map."""
    key, value = shape.key.serialization, shape.value.serialization
    return key.get("name", "key"), value.get("name", "value")


def _members(tree: Tree, shape: StructureShape, path: str) -> Iterator[tuple[str, Any]]:
    for name, member in shape.members.items():
        sent = member.serialization.get("name", name)
        if sent in tree:
            place = f"{path}.{name}".strip(".")
            yield name, _value(tree[sent], member, place)


def _numbers(entries: Tree) -> list[str]:
    return sorted((key for key in entries if key.isdecimal()), key=int)


def _scalar(text: str, kind: str, path: str) -> Any:
    try:
        if kind == "boolean":
            return {"true": True, "false": False}[text.lower()]
        if kind in ("integer", "long"):
            return int(text)
        if kind in ("float", "double"):
            return float(text)
        if kind == "timestamp":
            return _seconds(text)
        if kind == "blob":
            return base64.b64decode(text, validate=True)
    except (KeyError, ValueError, OverflowError, OSError):
        raise AwsError(
            "ValidationError",
            f"1 validation error detected: Value '{text[:100]}' at '{path}' failed to satisfy "
            f"constraint: Member must be a {kind}",
        ) from None
    return text


def _seconds(text: str) -> float:
    """Return the seconds since the epoch of ISO 8601 text or of a number; UTC without an offset."""
    try:
        return datetime.fromtimestamp(float(text), UTC).timestamp()
    except ValueError:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def write(document: Any, shape: Shape | None, operation: OperationModel) -> bytes:
    """Return the response of *operation* as XML."""
    name = operation.name
    result = ""
    if shape is not None:
        content = _content(project(document, shape), shape)
        result = f"<{name}Result>{content}</{name}Result>"
    namespace = operation.service_model.metadata["xmlNamespace"]
    meta = f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"
    return f'<{name}Response xmlns="{namespace}">{result}{meta}</{name}Response>'.encode()


def _content(value: Any, shape: Shape) -> str:
    if isinstance(shape, StructureShape):
        return "".join(
            _element(member.serialization.get("name", name), value[name], member)
            for name, member in shape.members.items()
            if name in value
        )
    if isinstance(shape, ListShape):
        name = shape.member.serialization.get("name", "member")
        return "".join(_element(name, item, shape.member) for item in value)
    if isinstance(shape, MapShape):
        names = _pair(shape)
        pairs = (
            _element(names[0], key, shape.key) + _element(names[1], item, shape.value)
            for key, item in value.items()
        )
        return "".join(f"<entry>{pair}</entry>" for pair in pairs)
    return escape(UNWRITABLE.sub("\ufffd", _text(value, shape.type_name)))


def _element(name: str, value: Any, shape: Shape) -> str:
    return f"<{name}>{_content(value, shape)}</{name}>"


def _text(value: Any, kind: str) -> str:
    if kind == "boolean":
        return str(value).lower()
    if kind == "timestamp":
        moment = datetime.fromtimestamp(value, UTC)
        return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
    if kind == "blob":
        return base64.b64encode(value).decode()
    return str(value)
