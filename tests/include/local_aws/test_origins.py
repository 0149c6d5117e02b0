"""A web page of another origin can neither change nor read anything, on any route."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from include.local_aws.core.options import Options
from include.local_aws.origins import OriginGuard
from include.local_aws.testing import Server
from tests.include.local_aws.raw import Answer, Headers, request

EVIL = "https://evil.example"
CBOR = "/service/GraniteServiceVersion20100801/operation/ListMetrics"
SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{}/aws4_request, Signature=0"
# Each protocol and route, as a page can send it without a preflight request.
ROUTES: dict[str, tuple[str, str, bytes, Headers]] = {
    "json": ("POST", "/", b"{}", {"X-Amz-Target": "SageMaker.ListModels"}),
    "cbor": ("POST", CBOR, b"\xa0", {"Content-Type": "text/plain"}),
    "query": (
        "POST",
        "/",
        b"Action=ListRoles&Version=2010-05-08",
        {
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": SIGNED.format("iam"),
        },
    ),
    "metrics": ("POST", "/BatchPutMetrics", b"{}", {}),
    "runtime": ("POST", "/endpoints/none/invocations", b"1", {"Content-Type": "text/csv"}),
    "s3 read": ("GET", "/", b"", {}),
    "s3 write": ("PUT", "/from-a-page", b"", {}),
    "s3 form": ("POST", "/from-a-page", b"x", {"Content-Type": "multipart/form-data"}),
    "faults": ("DELETE", "/_local/faults", b"", {}),
    "new fault": ("POST", "/_local/faults", b"{}", {"Content-Type": "text/plain"}),
    "health": ("POST", "/_local/health", b"", {}),
    "index": ("POST", "/_local/", b"", {}),
    "page": ("POST", "/_local/jobs/TrainingJob/none", b"", {}),
    "moto": ("POST", "/moto-api/reset", b"", {}),
    "preflight": ("OPTIONS", "/", b"", {"Access-Control-Request-Method": "POST"}),
}
FOREIGN: dict[str, Headers] = {
    "host": {"Host": "evil.example"},
    "rebound host": {"Host": "evil.example:4566"},
    "no host": {"Host": None},
    "origin": {"Origin": EVIL},
    "sandboxed page": {"Origin": "null"},
    "port of another server": {"Origin": "http://localhost:8080"},
    "cross-site": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
    "old browser": {"Referer": f"{EVIL}/page"},
}
NAVIGATION: Headers = {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
    "Referer": "http://localhost:8080/",
}
PAGE = "/_local/jobs/TrainingJob/none"


def sent(server: Server, route: str, more: Headers | None = None) -> Answer:
    method, path, body, headers = ROUTES[route]
    return request(server, method, path, {**headers, **(more or {})}, body)


def allows_no_page(answer: Answer) -> bool:
    return not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("route", ROUTES)
def test_foreign_request_is_refused(local_aws: Server, route: str, foreign: str) -> None:
    answer = sent(local_aws, route, FOREIGN[foreign])
    assert answer.status == 403, answer
    assert allows_no_page(answer)


@pytest.mark.parametrize("route", ROUTES)
def test_program_gets_its_answer_and_no_page_may_read_it(local_aws: Server, route: str) -> None:
    answer = sent(local_aws, route)
    assert answer.status not in (0, 403), answer
    assert allows_no_page(answer)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "127.0.0.2", "[::1]", "LOCALHOST"])
def test_every_name_of_loopback_is_its_own(local_aws: Server, name: str) -> None:
    host = f"{name}:{urlsplit(local_aws.url).port}"
    assert sent(local_aws, "json", {"Host": host, "Origin": f"http://{host}"}).status == 200


def test_bucket_in_the_name_of_the_host(local_aws: Server) -> None:
    assert request(local_aws, "GET", "/", {"Host": "bucket.localhost"}).status != 403


def test_link_opens_a_read_only_page(local_aws: Server) -> None:
    answer = request(local_aws, "GET", PAGE, NAVIGATION)
    assert (answer.status, b"No TrainingJob" in answer.body) == (404, True)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert request(local_aws, "GET", "/_local/health", NAVIGATION).status != 403
    assert request(local_aws, "GET", "/_local/", NAVIGATION).status == 200
    old = request(local_aws, "GET", PAGE, {"Referer": "http://localhost:8080/"})
    assert old.status == 404


@pytest.mark.parametrize(
    ("method", "path", "changed"),
    [
        ("GET", "/", {}),
        ("GET", "/_local/faults", {}),
        ("POST", PAGE, {}),
        ("GET", PAGE, {"Sec-Fetch-Dest": "iframe"}),
        ("GET", PAGE, {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}),
        ("GET", PAGE, {"Origin": EVIL}),
    ],
)
def test_nothing_else_is_opened_by_a_page(
    local_aws: Server, method: str, path: str, changed: Headers
) -> None:
    assert request(local_aws, method, path, {**NAVIGATION, **changed}).status == 403


@pytest.mark.parametrize("path", ["/moto-api/reset", "/%6doto-api/reset", "/moto-api"])
def test_the_api_of_moto_is_closed(local_aws: Server, s3: Any, path: str) -> None:
    s3.create_bucket(Bucket="stays")
    assert request(local_aws, "POST", path).status >= 400
    assert request(local_aws, "GET", path).status >= 400
    assert "stays" in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def test_refusal_of_a_host_names_the_option_to_allow_it(local_aws: Server) -> None:
    answer = sent(local_aws, "json", {"Host": "local-aws:4566"})
    assert b"start the embedded AWS with --allow-host" in answer.body


@pytest.mark.parametrize(
    ("options", "host", "own"),
    [
        (Options(host="0.0.0.0", allowed_hosts=("local-aws",)), b"local-aws:4566", True),
        (Options(host="0.0.0.0", allowed_hosts=("local-aws",)), b"bucket.local-aws", True),
        (Options(host="0.0.0.0", allowed_hosts=("local-aws",)), b"evil-local-aws", False),
        (Options(host="0.0.0.0"), b"0.0.0.0:4566", False),
        (Options(host="192.168.1.5"), b"192.168.1.5:4566", True),
        (Options(), b"192.168.1.5", False),
        (Options(), b"localhost.evil.example", False),
        (Options(), b"127.0.0.1.evil.example", False),
        (Options(), b"", False),
        (Options(), b"127.0.0.1:4566@evil.example", False),
        (Options(), b"localhost/evil.example", False),
        (Options(), b"[::1", False),
        (Options(), b"[::1]:4566", True),
    ],
)
def test_names_of_the_server(options: Options, host: bytes, own: bool) -> None:
    guard = OriginGuard(lambda *_: None, options)  # type: ignore[arg-type]
    assert guard._is_own(host) is own
