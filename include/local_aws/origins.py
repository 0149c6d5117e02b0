"""Refuse requests from web pages of another origin, before any other handling.

Every page in the user's browser can reach the port. The check of Host stops DNS rebinding; Origin,
Sec-Fetch-Site and Referer stop requests of other pages.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Callable

from .apigateway.addresses import address_of, is_public
from .core.options import Options
from .wire import credentials
from .wire.errors import AwsError
from .wire.http import App, Receive, Scope, Send, fields, refuse

Shares = Callable[[Scope, str], bool]
BROWSER = frozenset(
    {b"origin", b"referer", b"sec-fetch-site", b"sec-fetch-mode", b"sec-fetch-dest"}
)
OWN_SITES = frozenset({b"same-origin", b"none"})  # "none": the user typed the address
# Read-only: a link on another page may open them.
INDEX = ("/_local", "/_local/")
PAGES = ("/_local/jobs/", "/_local/buckets/", "/_local/logs/", "/_local/health")
ADDRESS = re.compile(r"(?:(?P<name>[a-z0-9._-]+)|\[(?P<ipv6>[0-9a-f:.]+)\])(?::\d{1,5})?")  # Host
EVERY_ADDRESS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  (compared, not bound)


class OriginGuard:
    """Passes requests to *app*, except those to another host or from a page of another origin."""

    def __init__(
        self, app: App, options: Options, shares: Shares = lambda scope, origin: False
    ) -> None:
        """Guard *app*.

        :param shares: Whether the deployed API that a request names lets the pages of an origin
            call it.
        """
        self._app = app
        self._shares = shares
        listening = {options.host} - EVERY_ADDRESS
        self._names = frozenset(
            name.lower() for name in {"localhost", *listening, *options.allowed_hosts}
        )
        self._is_own = functools.lru_cache(maxsize=256)(self._names_this_server)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        why = self._refused(scope) if scope["type"] == "http" else None
        if why is None:
            await self._app(scope, receive, send)
            return
        headers = fields(scope)
        service = credentials.signed(headers).service
        await refuse(
            send, AwsError("AccessDenied", why, 403), service, headers.get("content-type", "")
        )

    def _refused(self, scope: Scope) -> str | None:
        hosts = []
        browser = {}
        for name, value in scope["headers"]:
            if name == b"host":
                hosts.append(value)
            elif name in BROWSER:
                browser[name] = value
        if len(hosts) != 1 or not (self._is_own(hosts[0]) or is_public(hosts[0])):
            return (
                f"Host {b', '.join(hosts).decode('latin-1')!r} is not an address of this server. "
                "If it is, start the embedded AWS with --allow-host and its name."
            )
        if browser and _is_foreign(browser, hosts[0]) and not self._opens(browser, scope):
            return (
                "A web page of another origin may not use the embedded AWS. "
                "Call it from a program, or open its pages by a link."
            )
        return None

    def _opens(self, browser: dict[bytes, bytes], scope: Scope) -> bool:
        """Return whether a page of another origin may send a request."""
        if address_of(scope) is None:
            return _opens_a_page(browser, scope)
        origin = browser.get(b"origin", b"").decode("latin-1")
        return bool(origin) and self._shares(scope, origin)

    def _names_this_server(self, host: bytes) -> bool:
        address = ADDRESS.fullmatch(host.decode("latin-1").lower())
        if address is None:
            return False
        name = address["name"] or address["ipv6"]
        if name in self._names or any(name.endswith(f".{own}") for own in self._names):
            return True
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False


def _is_foreign(browser: dict[bytes, bytes], host: bytes) -> bool:
    """Return whether a page of another origin sent a request; old browsers send only a Referer."""
    if browser.get(b"sec-fetch-site", b"none") not in OWN_SITES:
        return True
    if (origin := browser.get(b"origin")) is not None:
        return origin.partition(b"://")[2].lower() != host.lower()
    referer = browser.get(b"referer", b"")
    return bool(referer) and referer.partition(b"://")[2].partition(b"/")[0].lower() != host.lower()


def _opens_a_page(browser: dict[bytes, bytes], scope: Scope) -> bool:
    """Return whether the user follows a link to a read-only page, not in a frame."""
    return (
        scope["method"] == "GET"
        and (scope["path"] in INDEX or scope["path"].startswith(PAGES))
        and b"origin" not in browser
        and browser.get(b"sec-fetch-mode", b"navigate") == b"navigate"
        and browser.get(b"sec-fetch-dest", b"document") == b"document"
    )
