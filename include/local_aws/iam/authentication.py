"""Find out who signed a request, and check the signature."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from ..wire import naming
from ..wire.credentials import ACCOUNT, account_of
from ..wire.http import Receive, Scope
from . import refusals, sigv4
from .arns import account_in
from .directory import Directory, Identity
from .payloads import CHUNKED, ChunkedBody, HashedBody
from .principals import Principal, anonymous, root
from .refusals import Protocol
from .sessions import SERVICE, Sessions
from .sigv4 import UNSIGNED, Signature

HASH = "x-amz-content-sha256"
UNCHECKED = (UNSIGNED, "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
EMPTY = hashlib.sha256(b"").hexdigest()
OWN = Principal("Service", "", "local")  # the server itself: no policy applies to it


class Authenticated:
    """A caller whose signature fits, and a body that is checked as it is read."""

    def __init__(self, identity: Identity, receive: Receive) -> None:
        self.identity = identity
        self.receive = receive


class Authentication:
    """Knows the keys of IAM, of the server's own sessions, and of root users."""

    def __init__(self, sessions: Sessions, directory: Directory) -> None:
        self._sessions = sessions
        self._directory = directory

    async def known(self, key: str) -> list[Identity]:
        """Return the callers that an access key id may be of; empty for an unknown one."""
        if session := self._sessions.session(key):
            keys, principal = session.keys, OWN
            if session.role:
                identities = await self._directory.of(account_in(session.role))
                principal = identities.role_session(session.role, SERVICE)
            return [Identity(principal, keys.secret, keys.token)]
        if ACCOUNT.fullmatch(key):
            return [
                Identity(root(key), self._sessions.root_secret),
                Identity(OWN, self._sessions.internal_secret),
            ]
        account = account_of(key)
        if account is None:
            return []
        identity = (await self._directory.of(account)).identity(key)
        return [identity] if identity else []

    async def check(
        self,
        scope: Scope,
        headers: Mapping[str, str],
        receive: Receive,
        body: bytes | None,
        now: float,
        protocol: Protocol,
    ) -> Authenticated:
        """Return the caller of a request; raise Refused.

        :param body: The whole body of a request that is read before it is executed; None for one
            whose body is data.
        """
        signature = sigv4.read(scope, headers)
        if signature is None:
            return self._unsigned(scope, headers, receive, protocol)
        identities = await self.known(signature.key)
        if not identities:
            raise refusals.unknown_key(protocol)
        _check_headers(signature, scope, protocol)
        payload = _payload(signature, headers, body)
        fitting = (i for i in identities if sigv4.fits(signature, scope, payload, i.secret))
        identity = next(fitting, None)
        if identity is None:
            raise refusals.mismatch(protocol)
        _check_time(signature, now, protocol)
        _check_session(signature, identity, now, protocol)
        receive = _checked(receive, signature, identity, payload, body, protocol)
        return Authenticated(identity, receive)

    @staticmethod
    def _unsigned(
        scope: Scope, headers: Mapping[str, str], receive: Receive, protocol: Protocol
    ) -> Authenticated:
        """Take an anonymous request to S3; refuse every other one."""
        query: bytes = scope["query_string"]
        if "authorization" in headers or b"AWSAccessKeyId=" in query or b"X-Amz-" in query:
            raise refusals.older_version(protocol)
        if protocol != "s3" or scope["method"] == "POST":
            raise refusals.missing(protocol)
        return Authenticated(Identity(anonymous(), ""), receive)


def protocol_of(scope: Scope, headers: Mapping[str, str], service: str = "") -> Protocol:
    """Return the protocol in which a request is refused."""
    if naming.RUNTIME.fullmatch(scope["path"]):
        return "runtime"
    if "x-amz-target" in headers or naming.RPC.fullmatch(scope["path"]):
        return "json"
    if scope["path"] in naming.METRICS:
        return "runtime"
    if service == "sns":
        return "sns"
    if headers.get("content-type", "").startswith(naming.FORM) and service != "s3":
        return "query"
    return "s3" if service in ("", "s3") else "runtime"


def _check_headers(signature: Signature, scope: Scope, protocol: Protocol) -> None:
    if "host" not in signature.signed:
        raise refusals.unsigned_header(protocol, "Host")
    for name, _ in scope["headers"]:
        text = name.decode("latin-1")
        if text.startswith("x-amz-") and text not in signature.signed:
            raise refusals.unsigned_header(protocol, text)


def _payload(signature: Signature, headers: Mapping[str, str], body: bytes | None) -> str:
    """Return the hash that is part of what was signed."""
    if signature.expires is not None:
        return headers.get(HASH, UNSIGNED)
    if declared := headers.get(HASH):
        return declared
    return EMPTY if body is None else hashlib.sha256(body).hexdigest()


def _checked(
    receive: Receive,
    signature: Signature,
    identity: Identity,
    payload: str,
    body: bytes | None,
    protocol: Protocol,
) -> Receive:
    """Return *receive* with the check of the body that the signature promises."""
    if payload in UNCHECKED:
        return receive
    if payload in CHUNKED:
        return ChunkedBody(receive, signature, identity.secret, protocol).receive
    if body is not None:
        if hashlib.sha256(body).hexdigest() != payload:
            raise refusals.other_content(protocol)
        return receive
    return HashedBody(receive, payload, protocol).receive


def _check_time(signature: Signature, now: float, protocol: Protocol) -> None:
    try:
        moment = signature.moment
    except ValueError:
        raise refusals.mismatch(protocol) from None
    if not signature.time.startswith(signature.date):
        raise refusals.mismatch(protocol)
    skew = sigv4.SKEW.get(signature.service, 300)
    if signature.expires is not None:
        if signature.expires > sigv4.LONGEST:
            raise refusals.valid_too_long(sigv4.LONGEST)
        if now < moment - skew:
            raise refusals.not_yet_valid()
        if now > moment + signature.expires:
            raise refusals.past_expiry()
        return
    if abs(now - moment) > skew:
        raise refusals.skewed(protocol, _skew(signature, moment, now, skew))


def _skew(signature: Signature, moment: float, now: float, skew: int) -> str:
    minutes, time = skew // 60, _text(now)
    if moment < now:
        limit = _text(now - skew)
        return (
            f"Signature expired: {signature.time} is now earlier than {limit} "
            f"({time} - {minutes} min.)"
        )
    limit = _text(now + skew)
    return (
        f"Signature not yet current: {signature.time} is still later than {limit} "
        f"({time} + {minutes} min.)"
    )


def _text(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime(sigv4.TIME)


def _check_session(
    signature: Signature, identity: Identity, now: float, protocol: Protocol
) -> None:
    if signature.token != identity.token:
        raise refusals.other_token(protocol)
    if identity.expires is not None and now > identity.expires:
        raise refusals.expired(protocol)
