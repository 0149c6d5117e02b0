"""Every executed operation, with requests from the model: none fails, no invalid one is accepted.

`PRODML_REQUEST_ROUNDS` asks for more of them; a round's number is its seed.
"""

from __future__ import annotations

import http.client
import json
import os
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore import xform_name

from include.local_aws import coverage
from include.local_aws.testing import Server, running_server
from include.local_aws.wire import model
from tests.include.local_aws.requests import EXISTING, Maker, Unmakeable, broken, with_value

ROUNDS = int(os.environ.get("PRODML_REQUEST_ROUNDS", "3"))
OPERATIONS = [
    (service, operation)
    for service in coverage.SERVICES
    if service not in ("sagemaker-runtime", "apigateway")  # whose members are not all in a body
    for operation in model.service(service).operation_names
    if coverage.state(service, operation) != "refused"
]
BAD = ("ValidationException", "SerializationException", "ValidationError", "InvalidParameter")


class Raw:
    """Requests as no SDK would let them through, over one connection."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(str(urlsplit(url).netloc), timeout=60)

    def call(self, service: str, operation: str, request: Any) -> tuple[int, str, str]:
        """Return the status, error code and message."""
        target = model.service(service).metadata.get("targetPrefix")
        headers = {"X-Amz-Target": f"{target}.{operation}"} if target else {}
        path = "/" if target else f"/{operation}"
        self._connection.request("POST", path, json.dumps(request), headers)
        response = self._connection.getresponse()
        document = json.loads(response.read())
        return response.status, document.get("__type", ""), document.get("message", "")


@pytest.fixture(scope="module", name="raw")
def _raw(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Raw]:
    with running_server(tmp_path_factory.mktemp("requests"), time_scale=60) as server:
        populate(server)
        yield Raw(server.url)


def populate(server: Server) -> None:
    """Create the resources that the generator names."""
    client = server.client("sagemaker")
    for operation, request in EXISTING:
        getattr(client, xform_name(operation))(**request)


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_request_of_the_model_is_answered_or_refused(
    raw: Raw, service: str, operation: str
) -> None:
    """A valid request is never called malformed, a malformed one never taken, and nothing fails."""
    known = model.operation(service, operation)
    shape = known.input_shape if known else None
    for seed in range(ROUNDS):
        try:
            request = Maker(random.Random(f"{operation} {seed}")).request(shape)
        except Unmakeable as name:
            pytest.fail(f"{operation} needs a word for {name}: add one")
        status, code, message = raw.call(service, operation, request)
        assert status < 500, (request, message)
        assert "failed to satisfy constraint" not in message, request
        assert code != "SerializationException", request
        for path, value in broken(request, shape) if shape else ():
            wrong = with_value(request, path, value)
            status, code, message = raw.call(service, operation, wrong)
            assert status == 400, (wrong, status, message)
            assert code.startswith(BAD), (wrong, code, message)
