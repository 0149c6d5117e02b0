"""Read what a request asks for: the service, the operation and its parameters, in any protocol."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from botocore.exceptions import BotoCoreError

from ..wire import calls, codecs, model, naming, query, rest
from ..wire.credentials import Credential
from ..wire.errors import AwsError
from ..wire.http import Scope, unpacked
from . import s3_requests

SERVICES = {  # botocore's names of services that sign with another one
    "monitoring": "cloudwatch",
    "tagging": "resourcegroupstaggingapi",
    "servicequotas": "service-quotas",
}
INVOKED = {
    "invocations": "InvokeEndpoint",
    "async-invocations": "InvokeEndpointAsync",
    "invocations-response-stream": "InvokeEndpointWithResponseStream",
}
RUNTIME = "sagemaker-runtime"
REST_METHOD, REST_PATH = "httpMethodOfRequest", "pathOfRequest"  # parameters of API Gateway
FORMS = ("query", "ec2")
BY_FORM = ("cloudwatch",)  # which the server answers by more protocols than it prefers
UNREAD = frozenset({"ec2"})  # whose model takes long to load, and no parameter is needed


@dataclass(frozen=True)
class Asked:
    """One operation with its parameters; those that no policy can name may be missing."""

    service: str
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


def streams(scope: Scope, headers: Mapping[str, str], credential: Credential) -> bool:
    """Return whether the body is an object of S3, on which nothing of the decision depends."""
    is_s3 = credential.service in ("", "s3") and not calls.called(scope["path"], headers)
    return is_s3 and b"delete" not in scope["query_string"]


def asked(scope: Scope, headers: dict[str, str], credential: Credential, body: bytes) -> Asked:
    """Return what a request asks for; the order is that of the server's own routing."""
    path: str = scope["path"]
    if naming.RUNTIME.fullmatch(path) and scope["method"] == "POST":
        return _invocation(path, headers)
    if call := calls.called(path, headers):
        operation = model.operation(call.service, call.operation)
        shape = operation.input_shape if operation else None
        parameters = call.codec.parsed(unpacked(body, headers), shape)
        return Asked(call.service, call.operation, _mapping(parameters))
    if credential.service in ("", "s3"):
        name, parameters = s3_requests.parsed(scope, headers, body)
        return Asked("s3", name, parameters)
    if credential.service == rest.APIGATEWAY:
        return _of_rest(scope, headers, unpacked(body, headers))
    service = SERVICES.get(credential.service, credential.service)
    return _of_moto(service, scope, headers, unpacked(body, headers))


def _invocation(path: str, headers: Mapping[str, str]) -> Asked:
    _, _, name, verb = path.split("/", 3)
    parameters = {
        "EndpointName": name,
        "TargetModel": headers.get("x-amzn-sagemaker-target-model"),
        "InferenceComponentName": headers.get("x-amzn-sagemaker-inference-component"),
    }
    present = {key: value for key, value in parameters.items() if value}
    return Asked(RUNTIME, INVOKED.get(verb, ""), present)


def _of_rest(scope: Scope, headers: dict[str, str], body: bytes) -> Asked:
    path = scope["raw_path"].decode("latin-1")
    name = naming.routed(rest.APIGATEWAY, scope["method"], path, _query(scope), headers)
    place = {REST_METHOD: scope["method"], REST_PATH: path}
    return Asked(rest.APIGATEWAY, name, _members(body) | place)


def _of_moto(service: str, scope: Scope, headers: dict[str, str], body: bytes) -> Asked:
    try:
        protocol = "ec2" if service in UNREAD else model.service(service).metadata["protocol"]
        if protocol in FORMS or service in BY_FORM:
            is_form = headers.get("content-type", "").startswith(naming.FORM)
            is_read = is_form if scope["method"] == "POST" else not body
            return _form(service, scope, body) if is_read else Asked(service, "")
        _check_no_action(scope, headers, body)
        if protocol == "json":
            target = headers.get("x-amz-target", "")
            return Asked(service, target.rpartition(".")[2], _mapping(codecs.JSON.parsed(body)))
        name = naming.routed(service, scope["method"], scope["path"], _query(scope), headers)
    except BotoCoreError:  # it has no such service
        return Asked(service, "")
    pairs = parse_qsl(_query(scope).decode("latin-1"))
    first = dict(reversed(pairs))  # of a repeated parameter, as moto reads it
    operation = model.operation(service, name)
    places = rest.places(operation, scope["raw_path"].decode("latin-1")) if operation else {}
    return Asked(service, name, _members(body) | first | places)


def _check_no_action(scope: Scope, headers: Mapping[str, str], body: bytes) -> None:
    """Raise AwsError for a request with an Action besides its target: moto would execute that.

    It takes one from a form, the query, any body that reads as a form, or a header.
    """
    texts = (_query(scope).decode("latin-1"), body.decode("latin-1"))
    names = {name for text in texts for name, _ in parse_qsl(text, keep_blank_values=True)}
    is_form = headers.get("content-type", "").lower().startswith(("multipart/", naming.FORM))
    if "Action" in names or "action" in headers or is_form:
        raise _malformed("The operation is named by more than its target. Name it once.")


def _form(service: str, scope: Scope, body: bytes) -> Asked:
    form = body if scope["method"] == "POST" else _query(scope)
    try:
        pairs = parse_qsl(form.decode(), keep_blank_values=True)
        name = dict(pairs).get("Action", "")
        operation = None if service in UNREAD else model.operation(service, name)
        parameters = query.read(form, operation.input_shape if operation else None)
    except ValueError:
        raise _malformed("The form cannot be read.") from None
    repeated = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if repeated or (form is body and b"Action=" in _query(scope)):
        raise _malformed(f"{(repeated or ['Action'])[0]!r} is given twice. Give it once.")
    return Asked(service, name, parameters)


def _malformed(message: str) -> AwsError:
    return AwsError("MalformedQueryString", message, 404)


def _query(scope: Scope) -> bytes:
    text: bytes = scope["query_string"]
    return text


def _members(body: bytes) -> dict[str, Any]:
    try:
        return _mapping(json.loads(body or b"{}"))
    except (ValueError, RecursionError):
        return {}


def _mapping(document: Any) -> dict[str, Any]:
    return document if isinstance(document, dict) else {}
