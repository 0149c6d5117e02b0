"""Signature version 4: read one from a request, and check it against the request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from posixpath import normpath
from urllib.parse import parse_qs, quote, unquote

from ..wire.http import Scope

ALGORITHM = "AWS4-HMAC-SHA256"
HEADER = re.compile(
    rf"{ALGORITHM}\s+Credential=([^\s,]+),\s*SignedHeaders=([^\s,]+),\s*Signature=([0-9a-f]{{64}})"
)
SCOPE = re.compile(r"([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request")
UNRESERVED = "-_.~"
UNSIGNED = "UNSIGNED-PAYLOAD"
TIME = "%Y%m%dT%H%M%SZ"
LONGEST = 7 * 24 * 3600  # seconds that a presigned URL may be valid
EXPIRES = re.compile(r"\d{1,10}", re.ASCII)
SKEW = {"s3": 900}  # seconds between the clocks; 300 for the other services


@dataclass(frozen=True)
class Signature:
    """A signature with everything of it that is in the request."""

    key: str
    date: str
    region: str
    service: str
    signed: tuple[str, ...]  # names of headers
    value: str
    time: str
    token: str = ""
    expires: int | None = None  # seconds that a presigned URL is valid

    @property
    def scope(self) -> str:
        """Return the credential scope without the key id."""
        return f"{self.date}/{self.region}/{self.service}/aws4_request"

    @property
    def moment(self) -> float:
        """Return the time of the signature, as epoch seconds; raise ValueError."""
        return datetime.strptime(self.time, TIME).replace(tzinfo=UTC).timestamp()


def read(scope: Scope, headers: Mapping[str, str]) -> Signature | None:
    """Return the signature of a request; None for one that has none of this version."""
    if authorization := headers.get("authorization"):
        match = HEADER.fullmatch(authorization.strip())
        place = SCOPE.fullmatch(match[1]) if match else None
        if match is None or place is None:
            return None
        signed, time = tuple(match[2].split(";")), headers.get("x-amz-date", "")
        token = headers.get("x-amz-security-token", "")
        key, date, region, service = place.groups()
        return Signature(key, date, region, service, signed, match[3], time, token)
    return _presigned(scope["query_string"])


def _presigned(query: bytes) -> Signature | None:
    given = parse_qs(query.decode("latin-1"))
    single = {name: values[0] for name, values in given.items() if len(values) == 1}
    place = SCOPE.fullmatch(single.get("X-Amz-Credential", ""))
    expires = EXPIRES.fullmatch(single.get("X-Amz-Expires", ""))
    if place is None or single.get("X-Amz-Algorithm") != ALGORITHM or expires is None:
        return None
    key, date, region, service = place.groups()
    return Signature(
        *(key, date, region, service),
        tuple(single.get("X-Amz-SignedHeaders", "").split(";")),
        single.get("X-Amz-Signature", ""),
        single.get("X-Amz-Date", ""),
        single.get("X-Amz-Security-Token", ""),
        int(expires[0]),
    )


def fits(signature: Signature, scope: Scope, payload: str, secret: str) -> bool:
    """Return whether *secret* made *signature* for this request with the hash *payload*."""
    canonical = canonical_request(signature, scope, payload)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join((ALGORITHM, signature.time, signature.scope, digest))
    return hmac.compare_digest(signed_text(signature, secret, text), signature.value)


def signed_text(signature: Signature, secret: str, text: str) -> str:
    """Return the signature of *text* in the scope of *signature*."""
    key = _signing_key(secret, signature.date, signature.region, signature.service)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def canonical_request(signature: Signature, scope: Scope, payload: str) -> str:
    """Return the text whose hash is signed."""
    headers = _canonical_headers(signature.signed, scope["headers"])
    return "\n".join(
        (
            scope["method"],
            _canonical_path(scope["raw_path"].decode("latin-1"), signature.service),
            _canonical_query(scope["query_string"]),
            *(f"{name}:{value}" for name, value in headers),
            "",
            ";".join(signature.signed),
            payload,
        )
    )


def _canonical_headers(
    signed: Iterable[str], sent: Iterable[tuple[bytes, bytes]]
) -> list[tuple[str, str]]:
    values: dict[str, list[str]] = {}
    for name, value in sent:
        values.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    return [
        (name, ",".join(" ".join(value.split()) for value in values.get(name, ())))
        for name in signed
    ]


def _canonical_path(path: str, service: str) -> str:
    if service == "s3":
        return quote(unquote(path), safe=f"/{UNRESERVED}")
    normal = re.sub("^/+", "/", normpath(path)) if path else "/"
    slash = "/" if path.endswith("/") and normal != "/" else ""
    return quote(normal + slash, safe=f"/{UNRESERVED}")


def _canonical_query(query: bytes) -> str:
    parts = [part.partition("=") for part in query.decode("latin-1").split("&") if part]
    pairs = sorted(
        (quote(unquote(name), safe=UNRESERVED), quote(unquote(value), safe=UNRESERVED))
        for name, _, value in parts
    )
    return "&".join(f"{name}={value}" for name, value in pairs if name != "X-Amz-Signature")


@functools.lru_cache(maxsize=256)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
