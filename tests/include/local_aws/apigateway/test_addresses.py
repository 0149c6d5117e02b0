"""The requests that go to a deployed API, by their path or by their host."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.apigateway.addresses import Address, address_of, is_public

API = "abcde12345"
AMAZON = f"{API}.execute-api.us-east-1.amazonaws.com"


def scope(path: str, host: str = "127.0.0.1:4566") -> dict[str, Any]:
    return {"path": path, "raw_path": path.encode(), "headers": [(b"host", host.encode())]}


@pytest.mark.parametrize(
    ("path", "host", "address"),
    [
        (f"/_aws/execute-api/{API}/test/a/b", "127.0.0.1:4566", (API, "test", "/a/b")),
        (f"/_aws/execute-api/{API}/test", "127.0.0.1:4566", (API, "test", "/")),
        ("/test/a", AMAZON, (API, "test", "/a")),
        ("/test", f"{API}.execute-api.localhost:4566", (API, "test", "/")),
        ("/", AMAZON, (API, "", "/")),
        (f"/_aws/execute-api/{API}/other/a", AMAZON, (API, "other", "/a")),
        ("/_aws/execute-api/short/test/a", "127.0.0.1:4566", ("", "", "/")),
    ],
)
def test_address_of_a_request(path: str, host: str, address: tuple[str, str, str]) -> None:
    assert address_of(scope(path, host)) == Address(*address, host.partition(":")[0])


def test_path_below_the_stage_is_decoded() -> None:
    address = address_of(scope(f"/_aws/execute-api/{API}/test/a%20b%2Fc"))
    assert address is not None
    assert address.path == "/a b/c"


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost", f"{API}.execute-api.evil.example"])
def test_other_requests_are_not_of_an_api(host: str) -> None:
    assert address_of(scope("/test/a", host)) is None


def test_only_names_of_amazonaws_and_localhost_are_hosts_of_apis() -> None:
    assert is_public(AMAZON.encode())
    assert is_public(f"{API}.execute-api.localhost:4566".encode())
    assert not is_public(f"{AMAZON}.evil.example".encode())
    assert not is_public(b"localhost:4566")
