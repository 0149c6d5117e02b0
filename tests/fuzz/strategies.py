"""Hypothesis strategies: requests from botocore's models, valid and broken."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from include.local_aws import coverage
from include.local_aws.wire import model
from tests.fuzz.encodings import cbor_of, form_of, json_of
from tests.fuzz.hostile import bodies, damaged, hostile, packed
from tests.fuzz.http_request import Headers, Request
from tests.include.local_aws.requests import Maker, Path, Unmakeable, with_value

FORM = "application/x-www-form-urlencoded"
CBOR = "application/cbor"
Named = tuple[str, str]  # a service and its operation
OPERATIONS: list[Named] = [
    (service, operation)
    for service in coverage.SERVICES
    if service not in ("sagemaker-runtime", "apigateway")  # not by a body of members
    for operation in model.service(service).operation_names
    if coverage.state(service, operation) != "refused"
]
REFUSED: list[Named] = [("sagemaker", "ListFeatureGroups"), ("cloudwatch", "ListMetricStreams")]
METRICS = [named for named in OPERATIONS if named[0] == "cloudwatch"]
REGIONS = ("us-east-1", "eu-west-9", "..", "", "us-east-1%00", "x" * 300, "\xff")
SERVICES = (
    *("sagemaker", "monitoring", "logs", "application-autoscaling", "s3", "iam", "sts"),
    *("nothing", "..", "x" * 300),
)
KEYS = ("test", "222222222222", "1" * 13, "AKIA" + "A" * 16, "\xb2" * 12, "x" * 5000)


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of each value in a request."""
    yield path
    items: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else []
    if isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        yield from places(item, (*path, key))


@st.composite
def documents(draw: st.DrawFn, named: Named) -> Any:
    """Draw a request to *named*: valid, with replaced values, or with unknown members."""
    known = model.operation(*named)
    shape = known.input_shape if known else None
    seed = draw(st.integers(0, 1 << 16))
    try:
        document: Any = Maker(random.Random(f"{named[1]} {seed}")).request(shape)
    except Unmakeable:
        document = {}
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(list(places(document))))
        document = with_value(document, path, draw(hostile)) if path else document
    if shape and draw(st.integers(0, 3)) == 0:
        name = draw(st.sampled_from([*shape.members, "NoSuchMember", ""]))
        document = {**document, name: draw(hostile)}
    return document if draw(st.integers(0, 19)) else draw(hostile)


def signature(key: str, region: str, service: str) -> str:
    scope = f"{key}/20260101/{region}/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"


odd_signatures = st.one_of(
    st.builds(
        signature, st.sampled_from(KEYS), st.sampled_from(REGIONS), st.sampled_from(SERVICES)
    ),
    st.sampled_from(["AWS test:x", "AWS4-HMAC-SHA256 Credential=", "Bearer x", "x" * 20_000]),
)
odd_headers = st.one_of(
    st.builds(lambda text: {"authorization": text}, odd_signatures),
    st.sampled_from(["text/html", "", "x" * 20_000, CBOR, FORM, "application/json; x"]).map(
        lambda kind: {"content-type": kind}
    ),
    st.sampled_from(["x" * 20_000, "\xff\xfe", "..", "a.b.c", "SageMaker.", ".", "Nothing.At"]).map(
        lambda value: {"x-amz-target": value}
    ),
    st.just({"accept": "x" * 20_000, "x-amz-date": "never", "range": "bytes=-1-,9"}),
)


@st.composite
def finished(draw: st.DrawFn, request: Request) -> Request:
    """Draw *request* with a damaged body, packed, and one time in six with a wrong header."""
    more, body = draw(packed(draw(damaged(request.body))))
    odd = draw(odd_headers) if draw(st.integers(0, 5)) == 0 else {}
    headers = {**request.headers, **more, **odd}
    return Request(
        request.method, request.target, headers, body, request.service, request.operation
    )


@st.composite
def json_requests(draw: st.DrawFn) -> Request:
    service, operation = named = draw(st.sampled_from(OPERATIONS + REFUSED))
    prefix = model.service(service).metadata.get("targetPrefix")
    headers = {"authorization": signature("test", "us-east-1", _signing(service))}
    if prefix:
        headers |= {"x-amz-target": f"{prefix}.{operation}"}
        headers |= {"content-type": "application/x-amz-json-1.1"}
    target = "/" if prefix else f"/{operation}"
    body = json_of(draw(documents(named)))
    return draw(finished(Request("POST", target, headers, body, service, operation)))


def _signing(service: str) -> str:
    return str(model.service(service).metadata.get("signingName", service))


@st.composite
def cbor_requests(draw: st.DrawFn) -> Request:
    service, operation = named = draw(st.sampled_from(METRICS))
    target = f"/service/GraniteServiceVersion20100801/operation/{operation}"
    headers = {"content-type": CBOR, "smithy-protocol": "rpc-v2-cbor"}
    body = cbor_of(draw(documents(named)))
    return draw(finished(Request("POST", target, headers, body, service, operation)))


@st.composite
def query_requests(draw: st.DrawFn) -> Request:
    service, operation = named = draw(st.sampled_from(METRICS))
    headers = {"content-type": FORM, "authorization": signature("test", "us-east-1", "monitoring")}
    body = form_of(operation, draw(documents(named)))
    if draw(st.integers(0, 4)) == 0:
        odd = (b"&a.1=", b"&MetricData.member.1" + b".x" * 40 + b"=1", b"&%ff=%ff", b"&Action=Y")
        body += draw(st.sampled_from(odd))
    if draw(st.integers(0, 9)) == 0:
        return Request("GET", f"/?{body.decode()}"[:60_000], headers, b"", service, operation)
    return draw(finished(Request("POST", "/", headers, body, service, operation)))


names = st.one_of(
    st.sampled_from(["exists", "..", ".", "%2e%2e", "a%2Fb", "%00", "%ff", "%zz", "%", "", "a b"]),
    st.sampled_from(["x" * 2000, "%F0%9F%98%80", "%ED%A0%80", "..%5c..", "TrainingJob", "a?b"]),
    st.text(st.characters(), max_size=8).map(lambda text: quote(text, errors="replace")),
).map(lambda name: name.replace(" ", "%20").replace("?", "%3F"))
methods = st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH"])


@st.composite
def runtime_requests(draw: st.DrawFn) -> Request:
    actions = ["invocations", "async-invocations", "invocations-response-stream", "invocationsx"]
    target = f"/endpoints/{draw(names)}/{draw(st.sampled_from(actions))}"
    odd = {
        f"x-amzn-sagemaker-{name}": draw(st.sampled_from(["", "x" * 5000, "\xff", "s3://b/k"]))
        for name in draw(
            st.sets(st.sampled_from(["target-variant", "inputlocation", "inference-id"]))
        )
    }
    request = Request("POST", target, odd, draw(bodies), "sagemaker-runtime", "InvokeEndpoint")
    return draw(finished(request))


FAULTS: tuple[Any, ...] = (
    {"operation": "ListModels", "error": "ThrottlingException", "count": 1, "probability": 0},
    {"operation": "ListModels", "delay_ms": 1, "probability": 0},
    {"resource": "endpoint", "event": "instance-dies", "name": "(a", "reason": ""},
    {"resource": "endpoint", "event": "instance-dies", "name": "a{99999999999}"},
)


@st.composite
def local_requests(draw: st.DrawFn) -> Request:
    """Draw a request to the server's paths; an accepted fault is never injected."""
    kind = draw(st.integers(0, 2))
    if kind == 0:
        target = f"/_local/{draw(st.sampled_from(['health', 'jobs', 'faults/', '']))}{draw(names)}"
        return Request(draw(methods), target, {}, draw(bodies))
    if kind == 1:
        noun = draw(st.sampled_from(["TrainingJob", "Model", "Endpoint", "EndpointConfig", "None"]))
        digits = f"?account={'%D9%A1' * 12}&region={draw(names)}"  # no ASCII digits
        query = draw(st.sampled_from(["", "?region=..", "?account=", "?&=", digits]))
        return Request("GET", f"/_local/jobs/{noun}/{draw(names)}{query}")
    fault = draw(st.sampled_from(FAULTS))
    member = draw(st.sampled_from(list(fault)))
    broken = {**fault, member: draw(hostile)}
    if "operation" in broken:
        broken["probability"] = 0
    body = draw(damaged(json_of(broken)))
    return Request("POST", "/_local/faults", {"content-type": "application/json"}, body)


SUBRESOURCES = (
    *("acl", "tagging", "versions", "uploads", "policy", "list-type=2&max-keys=-1", "x=%ff"),
    *("partNumber=99999999999&uploadId=x", "list-type=2&prefix=%00", "location", "versionId=.."),
    "list-type=2&continuation-token=%ff",
    "X-Amz-Credential=k%2F20260101%2F..%2Fs3%2Faws4_request&X-Amz-Expires=-1",
)


@st.composite
def s3_requests(draw: st.DrawFn) -> Request:
    parts = draw(st.lists(names, max_size=4))
    query = draw(st.one_of(st.just(""), st.sampled_from(SUBRESOURCES)))
    headers: Headers = draw(
        st.sampled_from(
            [
                *({}, {"range": "bytes=9-1"}, {"range": "bytes=-0"}, {"content-md5": "x"}),
                *({"x-amz-copy-source": "/../.."}, {"x-amz-copy-source": "%zz"}),
                *({"x-amz-meta-a": "\xff"}, {"x-amz-tagging": "a=b&a=b&%"}),
                {"x-amz-decoded-content-length": "-1", "content-encoding": "aws-chunked"},
                {"content-type": FORM},
            ]
        )
    )
    signed = {"authorization": signature("test", "us-east-1", "s3")}
    body = draw(st.one_of(bodies, st.sampled_from([b"<a/>", b"<Delete><Object/></Delete>", b"<"])))
    target = f"/{'/'.join(['fuzz', *parts])}" + (f"?{query}" if query else "")
    return Request(draw(methods), target, {**signed, **headers}, body, "s3")


@st.composite
def other_requests(draw: st.DrawFn) -> Request:
    """Draw arbitrary requests: random bodies, paths, headers and signatures."""
    target = "/" + "/".join(draw(st.lists(names, max_size=3)))
    headers: Headers = draw(st.one_of(st.just({}), odd_headers))
    signed = {"authorization": draw(odd_signatures)} if draw(st.booleans()) else {}
    return Request(draw(methods), target, {**signed, **headers}, draw(bodies))


IN_PROCESS: dict[str, st.SearchStrategy[Request]] = {
    "json": json_requests(),
    "cbor": cbor_requests(),
    "query": query_requests(),
    "runtime": runtime_requests(),
    "local": local_requests(),
    "other": other_requests(),
}
THROUGH_THE_PORT: dict[str, st.SearchStrategy[Request]] = {
    "s3": s3_requests(),
    "other": other_requests(),
    "local": local_requests(),
}
