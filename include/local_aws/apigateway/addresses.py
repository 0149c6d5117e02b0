"""The addresses of deployed APIs: a path of this server, or the name of the API as the host."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from ..wire.http import Scope

PREFIX = b"/_aws/execute-api/"
PATH = re.compile(r"/_aws/execute-api/(?P<api>[a-z0-9]{10})/(?P<stage>[\w-]+)(?P<path>/.*)?")
STAGE = re.compile(r"/(?P<stage>[\w-]+)(?P<path>/.*)?")
# No page can make another host of amazonaws.com resolve to this server.
HOST = re.compile(
    rb"(?P<api>[a-z0-9]{10})\.execute-api\.(?P<region>[a-z0-9-]+\.)?"
    rb"(?P<domain>amazonaws\.com|localhost)(?::\d{1,5})?"
)


class Address(NamedTuple):
    """The API, the stage and the path below it that a request names, and the host's name."""

    api: str
    stage: str
    path: str
    domain: str


def address_of(scope: Scope) -> Address | None:
    """Return the address of a request to a deployed API; None for any other request."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    named = HOST.fullmatch(host)
    if named is None and not raw.startswith(PREFIX):
        return None
    path = raw.decode("latin-1")
    match = PATH.fullmatch(path) or (STAGE.fullmatch(path) if named else None)
    domain = host.decode("latin-1").partition(":")[0]
    if match is None:
        return Address(named["api"].decode() if named else "", "", "/", domain)
    api = match["api"] if path.startswith(PREFIX.decode()) else _api(named)
    return Address(api, match["stage"], unquote(match["path"] or "/"), domain)


def _api(named: re.Match[bytes] | None) -> str:
    return named["api"].decode() if named else ""


def is_public(host: bytes) -> bool:
    """Return whether *host* is the name of an API."""
    return HOST.fullmatch(host) is not None
