"""moto's port accepts requests of the server only."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.moto.access import HEADER, may_enter, new_key
from include.local_aws.testing import Server
from tests.include.local_aws.moto.processes import listening, moto_of
from tests.include.local_aws.raw import Headers, request

ACCOUNT = {"X-Moto-Account-Id": "000000000000"}


def behind(server: Server) -> Server:
    """Return *server* by the port of its moto."""
    (port,) = (address.port for address in listening(moto_of(server)))
    return Server(f"http://127.0.0.1:{port}", server.process, server.output)


@pytest.mark.parametrize("headers", [{}, ACCOUNT, ACCOUNT | {HEADER: new_key()}])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("PUT", "/by-the-back-door"), ("POST", "/moto-api/reset"), ("OPTIONS", "/")],
)
def test_nothing_else_gets_an_answer_from_motos_port(
    local_aws: Server, s3: Any, method: str, path: str, headers: Headers
) -> None:
    s3.create_bucket(Bucket="before-the-door")
    answer = request(behind(local_aws), method, path, headers)
    assert (answer.status, answer.body) == (403, b"")
    assert "access-control-allow-origin" not in answer.headers
    names = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    assert ("before-the-door" in names, "by-the-back-door" in names) == (True, False)


def test_a_client_cannot_bring_its_own_account_or_key(local_aws: Server) -> None:
    headers = {"X-Moto-Account-Id": "123456789012", HEADER: "guessed"}
    assert request(local_aws, "GET", "/", headers).status == 200


def test_only_the_same_key_enters() -> None:
    key = new_key()
    assert may_enter({"HTTP_X_EMBEDDED_AWS_KEY": key}, key)
    assert not may_enter({"HTTP_X_EMBEDDED_AWS_KEY": new_key()}, key)
    assert not may_enter({"HTTP_X_EMBEDDED_AWS_KEY": "\xe9"}, key)
    assert not may_enter({}, key)
