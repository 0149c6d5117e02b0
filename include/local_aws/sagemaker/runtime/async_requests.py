"""InvokeEndpointAsync: validate a request, assign its output location, and store it."""

from __future__ import annotations

import base64
import sqlite3
import uuid
from typing import TYPE_CHECKING, Any

from ...core.store import Doc
from ...wire import model
from ...wire.errors import AwsError, unavailable
from ...wire.validation import validate
from .connections import Header
from .errors import invalid

if TYPE_CHECKING:
    from ...core.account import Aws

KIND = "async-invocation"
DEFAULTS = {"RequestTTLSeconds": 21600, "InvocationTimeoutSeconds": 900}
PASSED_ON = {  # members that a model receives, by their usual header
    "ContentType": "content-type",
    "Accept": "accept",
    "CustomAttributes": "x-amzn-sagemaker-custom-attributes",
    "InferenceId": "x-amzn-sagemaker-inference-id",
}


def accept(aws: Aws, endpoint: str, config: Doc, headers: dict[bytes, bytes], body: bytes) -> Doc:
    """Store one request for *endpoint*; raise ValidationError with AWS's message."""
    request = _parsed(endpoint, headers)
    if ("InputLocation" in request) == bool(body):
        raise invalid("Exactly one of InputLocation and Body must be given.")
    if len(body) > (limit := _body_limit()):
        raise invalid(f"Body is longer than {limit} bytes. Upload it to S3 and set InputLocation.")
    token = str(uuid.uuid4())
    request = DEFAULTS | {"InferenceId": token} | request
    doc = request | {
        "Token": token,
        "Received": aws.clock.now(),
        "Body": base64.b64encode(body).decode(),
        "OutputLocation": _output(config, request, token),
        "FailureLocation": _failure(config, token),
    }
    try:
        aws.store.insert(KIND, token, doc)
    except sqlite3.OperationalError as error:
        raise unavailable("InvokeEndpointAsync", error) from error
    return doc


def model_headers(doc: Doc) -> list[Header]:
    return [
        (name.encode(), str(doc[member]).encode("latin-1"))
        for member, name in PASSED_ON.items()
        if member in doc
    ]


def _output(config: Doc, request: Doc, token: str) -> str:
    folder = config["OutputConfig"]["S3OutputPath"].rstrip("/")
    extension = request.get("S3OutputPathExtension", "").strip("/")
    return "/".join(filter(None, [folder, extension, request.get("Filename", f"{token}.out")]))


def _failure(config: Doc, token: str) -> str | None:
    folder = config["OutputConfig"].get("S3FailurePath")
    return f"{folder.rstrip('/')}/{token}-error.out" if folder else None


def _parsed(endpoint: str, headers: dict[bytes, bytes]) -> Doc:
    """Return the request's members from its headers, validated by botocore's model."""
    operation = model.operation("sagemaker-runtime", "InvokeEndpointAsync")
    assert operation is not None  # noqa: S101  (narrows the type)
    members: Doc = {"EndpointName": endpoint}
    for member, shape in operation.input_shape.members.items():
        value = headers.get(shape.serialization.get("name", "").lower().encode())
        if shape.serialization.get("location") == "header" and value is not None:
            members[member] = _typed(member, shape, value.decode("latin-1"))
    try:
        validate(members, operation.input_shape)
    except AwsError as error:
        raise invalid(error.message) from None
    return members


def _typed(member: str, shape: Any, text: str) -> str | int:
    if shape.type_name != "integer":
        return text
    try:
        return int(text)
    except ValueError:
        raise invalid(f"{member} {text!r} is not an integer.") from None


def _body_limit() -> int:
    operation = model.operation("sagemaker-runtime", "InvokeEndpointAsync")
    assert operation is not None  # noqa: S101  (narrows the type)
    return int(operation.input_shape.members["Body"].metadata["max"])
