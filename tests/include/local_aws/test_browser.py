"""A real browser opens a page of another origin: it changes nothing and reads nothing."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import botocore.session
import pytest
from botocore.serialize import RpcV2CBORSerializer

from include.local_aws.core.options import Options
from include.local_aws.origins import PAGES, OriginGuard
from include.local_aws.testing import Server
from tests.include.local_aws.browser import (
    CHROMIUM,
    PICTURE,
    SCRIPT,
    Sent,
    Site,
    document,
    page,
    results,
    site,
)
from tests.include.local_aws.jobs import SKLEARN
from tests.include.local_aws.raw import request

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no browser; install it: apt-get install chromium"
)
NAME = f"browser-{uuid.uuid4().hex[:10]}"
FORM = "application/x-www-form-urlencoded"
SCOPE = "Credential=test/20260101/us-east-1/monitoring/aws4_request"
SIGNED = f"AWS4-HMAC-SHA256 {SCOPE}, Signature=0"
QUERY = (
    f"Action=PutMetricData&Version=2010-08-01&Namespace={NAME}"
    "&MetricData.member.1.MetricName=query&MetricData.member.1.Value=1"
)
FAULT = f'{{"operation":"DeleteHub","error":"Throttled","message":"{NAME}=","count":1}}'
CODE = "application/x-amz-json-1.1"


def cbor() -> bytes:
    """Return a PutMetricData by the CBOR protocol."""
    model = botocore.session.get_session().get_service_model("cloudwatch")
    given = {"Namespace": NAME, "MetricData": [{"MetricName": "cbor", "Value": 1.0}]}
    serialized = RpcV2CBORSerializer().serialize_to_request(
        given, model.operation_model("PutMetricData")
    )
    return bytes(serialized["body"])


# Requests that change state if a program sends them: method, path, header fields and body.
CHANGES: dict[str, tuple[str, str, dict[str, str], bytes]] = {
    "json": (
        "POST",
        "/",
        {"X-Amz-Target": "SageMaker.CreateExperiment", "Content-Type": CODE},
        f'{{"ExperimentName": "{NAME}"}}'.encode(),
    ),
    "cbor": (
        "POST",
        "/service/GraniteServiceVersion20100801/operation/PutMetricData",
        {"Content-Type": "text/plain"},
        cbor(),
    ),
    "query": ("POST", "/", {"Content-Type": FORM, "Authorization": SIGNED}, QUERY.encode()),
    "put": ("PUT", f"/{NAME}/put", {"Content-Type": "text/plain"}, b"x"),
    "upload": ("POST", f"/{NAME}/upload?uploads", {"Content-Type": "text/plain"}, b""),
    "fault": ("POST", "/_local/faults", {"Content-Type": "text/plain"}, FAULT.encode()),
    "clear": ("DELETE", "/_local/faults", {}, b""),
}
CLOSED = {"reset": ("POST", "/moto-api/reset", {"Content-Type": "text/plain"}, b"")}
READS = ("/", f"/{NAME}/secret", "/_local/faults", "/_local/health", f"/?{QUERY}&X-Amz-{SCOPE}")
PAGE = f"/_local/jobs/Model/{NAME}"


def attempts() -> dict[str, Any]:
    """Return every request as a page sends it: by fetch, form, image and script."""
    made: dict[str, Any] = {
        "picture": {"path": f"/{NAME}/picture.svg", "element": "img"},
        "hidden picture": {
            "path": f"/{NAME}/picture.svg?hidden",
            "element": "img",
            "options": {"referrerPolicy": "no-referrer"},
        },
        "script": {"path": f"/{NAME}/script.js", "element": "script"},
        "text form": {
            "path": "/_local/faults",
            "type": "text/plain",
            "fields": [FAULT.split("=", 1)],
        },
        "query form": {"path": f"/?X-Amz-{SCOPE}", "type": FORM, "fields": parse_qsl(QUERY)},
    }
    for name, (method, path, headers, body) in (CHANGES | CLOSED).items():
        encoded = base64.b64encode(body).decode()
        made[name] = {"method": method, "path": path, "headers": headers, "body": encoded}
    for path in (*READS, PAGE, "/moto-api/data.json"):
        made[f"GET {path}"] = {"method": "GET", "path": path, "headers": {}}
    return made


class World:
    """The state of the embedded AWS that a page could change."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.s3 = server.client("s3", s3={"addressing_style": "path"})
        self.sagemaker = server.client("sagemaker")
        self.cloudwatch = server.client("cloudwatch")

    def fill(self) -> None:
        """Store the state that a page would read."""
        self.s3.create_bucket(Bucket=NAME)
        for key, kind, body in (
            ("secret", "text/plain", b"secret"),
            ("picture.svg", "image/svg+xml", PICTURE),
            ("script.js", "text/javascript", SCRIPT),
        ):
            self.s3.put_object(Bucket=NAME, Key=key, Body=body, ContentType=kind, ACL="public-read")
        self.sagemaker.create_model(
            ModelName=NAME,
            ExecutionRoleArn="arn:aws:iam::000000000000:role/prodml",
            PrimaryContainer={"Image": SKLEARN},
        )

    def changed(self) -> set[str]:
        """Return which of CHANGES took effect."""
        listed = self.cloudwatch.list_metrics(Namespace=NAME)["Metrics"]
        effects = {metric["MetricName"] for metric in listed}
        objects = self.s3.list_objects_v2(Bucket=NAME)["Contents"]
        effects |= {item["Key"] for item in objects} & set(CHANGES)
        uploads = self.s3.list_multipart_uploads(Bucket=NAME).get("Uploads", [])
        effects |= {item["Key"] for item in uploads}
        newest = self.sagemaker.list_experiments(SortBy="CreationTime", SortOrder="Descending")
        if NAME in {one["ExperimentName"] for one in newest["ExperimentSummaries"]}:
            effects.add("json")
        faults = request(self.server, "GET", "/_local/faults").body.decode()
        effects |= {"fault"} if f"{NAME}=" in faults else set()
        return effects | (set() if f"{NAME} stays" in faults else {"clear"})


@pytest.fixture(scope="module", name="world")
def _world(local_aws: Server) -> Iterator[World]:
    world = World(local_aws)
    world.fill()
    with local_aws.faults() as faults:
        faults.operation("DeleteHub", "Throttled", message=f"{NAME} stays", count=1)
        yield world


@pytest.fixture(scope="module", name="visited", params=["127.0.0.1", "page.example"])
def _visited(
    request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[str, str], Site]]:
    """Open a page of that name; return its results, and the open site for comparison."""
    port = urlsplit(world.server.url).port
    with site() as evil, site() as unguarded:
        targets = {
            **{name: f"http://{name}:{port}" for name in ("127.0.0.1", "localhost")},
            "rebound": f"http://page.example:{port}",
            "unguarded": f"http://lan.example:{unguarded.port}",
        }
        evil.page = page(targets, attempts())
        profile = tmp_path_factory.mktemp("profile")
        yield results(f"http://{request.param}:{evil.port}/page", profile), unguarded


def test_page_learns_nothing(visited: tuple[dict[str, str], Site]) -> None:
    """From a site that guards nothing it learns all: the attempts are real ones."""
    learned, _ = visited
    open_one = {name for name in learned if name.startswith("unguarded")}
    assert {name for name in open_one if learned[name] == "blocked"} == set()
    assert {"loaded", "read 200"} <= {learned[name] for name in open_one}
    of_aws = {name: what for name, what in learned.items() if name not in open_one}
    assert len(of_aws) == 3 * len(open_one)
    assert set(of_aws.values()) == {"blocked", "opaque"}, of_aws


def test_page_changes_nothing(visited: tuple[dict[str, str], Site], world: World) -> None:
    _, unguarded = visited
    forms = [s.headers["content-type"] for s in unguarded.requests if s.is_navigation]
    assert sorted(forms) == [FORM, "text/plain"]
    assert world.changed() == set()


def test_plain_http_away_from_loopback_has_only_origin_and_referer(
    visited: tuple[dict[str, str], Site],
) -> None:
    """There a GET that hides its page, as a picture can, is a program's for the server."""
    _, unguarded = visited
    options = Options(host="0.0.0.0", allowed_hosts=("lan.example",))
    guard = OriginGuard(lambda *_: None, options)  # type: ignore[arg-type]
    asked = unguarded.requests
    assert not any("sec-fetch-site" in sent.headers for sent in asked)
    unseen = [sent for sent in asked if guard._refused(scope(sent)) is None]
    assert 0 < len(unseen) < len(asked)
    assert {sent.method for sent in unseen} == {"GET"}
    others = [sent for sent in unseen if not sent.path.startswith(PAGES)]  # a link may open those
    assert others
    assert not any({"origin", "referer"} & set(sent.headers) for sent in others)


def test_link_of_another_origin_opens_a_page(world: World, tmp_path: Path) -> None:
    url = f"{world.server.url}{PAGE}"
    click = "document.links[0].click()"
    with site() as other:
        other.page = f'<!doctype html><a href="{url}">job</a><script>{click}</script>'
        shown = document(f"http://page.example:{other.port}/page", tmp_path)
    assert f"<h1>{NAME}</h1>" in shown


@pytest.mark.parametrize("name", CHANGES)
def test_program_makes_each_change(world: World, name: str) -> None:
    """The requests that a page tried succeed from a program."""
    answer = request(world.server, *CHANGES[name])
    assert answer.status < 300, answer
    assert name in world.changed()


def scope(sent: Sent) -> dict[str, Any]:
    fields = [(name.encode(), value.encode()) for name, value in sent.headers.items()]
    return {"type": "http", "method": sent.method, "path": sent.path, "headers": fields}
