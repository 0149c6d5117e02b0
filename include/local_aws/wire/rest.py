"""Read requests and write responses of services whose operations are methods on paths."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, unquote

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from . import codecs
from .document import Doc
from .errors import AwsError

APIGATEWAY = "apigateway"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def codec(operation: OperationModel, path: str, query: bytes) -> codecs.Codec:
    """Return the codec of one request to *operation*."""
    status = operation.http.get("responseCode", 200)
    return codecs.Codec(
        lambda body, _: parsed(operation, path, query, body),
        written,
        "application/json",
        status=status,
    )


def parsed(operation: OperationModel, path: str, query: bytes, body: bytes) -> Doc:
    """Return the input of *operation* by the names of its members; raise AwsError.

    :param path: As it was sent, with its escapes.
    """
    shape = operation.input_shape
    if shape is None:
        return {}
    document = codecs.JSON.parsed(body, shape)
    if not isinstance(document, dict):
        raise AwsError("SerializationException", "Start of structure expected.")
    given = dict.fromkeys(PLACEHOLDER.findall(_path(operation)), "") | places(operation, path)
    parameters = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    request: Doc = {}
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        location = member.serialization.get("location")
        if location == "uri":
            request[name] = given[wire]
        elif location == "querystring":
            _add_parameter(request, name, member, [v for k, v in parameters if k == wire])
        elif wire in document:
            request[name] = document[wire]
    return request


def written(document: Any, shape: Shape | None) -> bytes:
    """Return the JSON of a response, with the names that its members have there."""
    return json.dumps(_named(document, shape)).encode() if shape else b""


def _path(operation: OperationModel) -> str:
    uri: str = operation.http["requestUri"]
    return uri.partition("?")[0]


def places(operation: OperationModel, path: str) -> dict[str, str]:
    """Return what *path*, as it was sent, has in the places of the operation's path."""
    pattern = PLACEHOLDER.sub(r"(?P<\1>[^/]+)", _path(operation))
    match = re.fullmatch(pattern, path)
    return {name: unquote(value) for name, value in match.groupdict().items()} if match else {}


def _add_parameter(request: Doc, name: str, member: Shape, values: list[str]) -> None:
    if not values:
        return
    if isinstance(member, ListShape):
        request[name] = values
    elif member.type_name == "boolean":
        request[name] = values[0].lower() == "true"
    elif member.type_name in ("integer", "long"):
        if not re.fullmatch(r"-?\d{1,10}", values[0]):
            raise AwsError("BadRequestException", f"{name} must be a number, not {values[0]!r}.")
        request[name] = int(values[0])
    else:
        request[name] = values[0]


def _named(value: Any, shape: Shape) -> Any:
    if isinstance(shape, StructureShape):
        return {
            member.serialization.get("name", name): _named(value[name], member)
            for name, member in shape.members.items()
            if value.get(name) is not None
        }
    if isinstance(shape, ListShape):
        return [_named(item, shape.member) for item in value]
    if isinstance(shape, MapShape):
        return {key: _named(item, shape.value) for key, item in value.items()}
    return value
