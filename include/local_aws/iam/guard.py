"""The one place where every request passes: it is recorded, or decided about, before it is routed.

Only `--iam record` and `--iam enforce` put it there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..core.clock import Clock
from ..wire import credentials, naming
from ..wire.errors import AwsError
from ..wire.http import App, Receive, Scope, Send, answer, fields, read, refuse, replayed
from . import caller_identity, context, key_actions, refusals, simulation
from .arns import account_in
from .asked import Asked, asked, streams
from .authentication import OWN, Authentication, protocol_of
from .authorization import Authorization, refused
from .calls import Calls
from .context import TagsOf
from .decisions import denial
from .directory import Directory, Identity, changes_identities
from .exchange import Admission, Request, Upload
from .needs import Need, NoEntry, needs
from .principals import root
from .refusals import Protocol, Refused
from .resources import Place
from .sessions import SERVICE

PAGE = "/_local/iam/calls"
MOST = 70 << 20  # bytes of a body that is read before it is decided about
Mode = Literal["record", "enforce"]


@dataclass
class Guard:
    """Lets a request through to *app* that policies allow; records all of them."""

    app: App
    mode: Mode
    authentication: Authentication
    authorization: Authorization
    directory: Directory
    clock: Clock
    default: tuple[str, str]  # account and region
    tags_of: Callable[[str], TagsOf]
    volume_key: Callable[[str, str, str], str | None]  # by account, region and configuration
    upload_encryption: Callable[[str, str], Awaitable[dict[str, str]]]  # by bucket and upload

    def __post_init__(self) -> None:
        self.calls = Calls()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"] == PAGE:
            await self._answer_calls(scope, send)
        elif scope["path"] == "/_local" or scope["path"].startswith("/_local/"):
            await self.app(scope, receive, send)
        else:
            await self._guarded(scope, receive, send)

    async def denial(self, region: str, role: str, action: str, resource: str) -> str | None:
        """Return AWS's sentence if *role* may not do what the server does for it; else None."""
        account = account_in(role)
        principal = (await self.directory.of(account)).role_session(role, SERVICE)
        place = await self._place(Identity(principal, ""), region)
        if action.startswith("kms:"):
            resource = key_actions.key_arn(resource, place) or resource
        need = Need(action, resource, {"aws:requestedregion": (region,)})
        if self.mode == "record":
            self.calls.add(principal, need)
            return None
        query, decision = await self.authorization.decide(
            Identity(principal, ""), need, {}, self.tags_of(region)
        )
        self.calls.add(principal, need, allowed=decision.allowed)
        return None if decision.allowed else denial(query, decision)

    async def _answer_calls(self, scope: Scope, send: Send) -> None:
        if scope["method"] == "DELETE":
            self.calls.clear()
        await answer(send, 200, {"calls": self.calls.documents()})

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = fields(scope)
        credential = credentials.signed(headers, scope["query_string"])
        protocol = protocol_of(scope, headers, credential.service)
        upload = Upload(receive)
        body, receive = None, upload.receive
        if not streams(scope, headers, credential):
            body = await read(receive, MOST)
            receive = replayed(body, receive)
        request = Request(scope, headers, credential, protocol, body)
        try:
            await self._pass(request, receive, send)
        except Refused as error:
            await upload.drain()
            service, content_type = _written_for(protocol, headers)
            await refuse(send, error, service, content_type)

    async def _pass(self, request: Request, receive: Receive, send: Send) -> None:
        """Have a request executed that is allowed; raise Refused."""
        admission = await self._admitted(request, receive)
        operation = admission.operation
        if caller_identity.is_asked(operation):
            await caller_identity.answer(send, admission.identity.principal)
        elif self.mode == "enforce" and simulation.is_asked(operation):
            await simulation.answer(send, operation, self.authorization, self.directory)
        else:
            send = self._forgetting(operation, self._decrypting(request, admission, send))
            await self.app(request.scope, admission.receive, send)

    def _forgetting(self, operation: Asked, send: Send) -> Send:
        """Return *send* that has identities read again before a change of them is known."""
        if not changes_identities(operation.service, operation.operation):
            return send

        async def forget_and_send(message: MutableMapping[str, Any]) -> None:
            self.directory.forget()
            await send(message)

        return forget_and_send

    def _decrypting(self, request: Request, admission: Admission, send: Send) -> Send:
        """Return *send* that sends an object only to a caller who may use its key."""
        operation, identity = admission.operation, admission.identity
        if identity.principal is OWN or not key_actions.reads(operation):
            return send

        async def check_and_send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start" and message["status"] < 300:
                place = await self._place(identity, request.credential.region)
                if use := key_actions.decryption(operation, fields(message), place):
                    await self._check(request, identity, [Need(*use)], place)
            await send(message)

        return check_and_send

    async def _admitted(self, request: Request, receive: Receive) -> Admission:
        """Return what is executed, and for whom; raise Refused."""
        if self.mode == "enforce":
            return await self._enforced(request, receive)
        operation = self._operation(request)
        return Admission(receive, operation, await self._recorded(request, operation))

    def _operation(self, request: Request) -> Asked:
        """Return what is asked for; a request that cannot be read has no operation."""
        try:
            return asked(request.scope, request.headers, request.credential, request.body or b"")
        except AwsError:
            return Asked(request.credential.service or "s3", "")

    async def _recorded(self, request: Request, operation: Asked) -> Identity:
        callers = await self.authentication.known(request.credential.key)
        account = credentials.account_of(request.credential.key) or self.default[0]
        identity = callers[0] if callers else Identity(root(account), "")
        if identity.principal is not OWN:
            place = await self._place(identity, request.credential.region)
            required = self._needs(await self._encrypted(operation), place)
            await self._check(request, identity, required, place)
        return identity

    async def _encrypted(self, operation: Asked) -> Asked:
        """Return an operation on a part of an upload with the upload's headers of encryption."""
        if not key_actions.is_part(operation):
            return operation
        given = operation.parameters
        headers = await self.upload_encryption(given["Bucket"], given["query"].get("uploadId", ""))
        return replace(operation, parameters={**given, "headers": headers | given["headers"]})

    @staticmethod
    def _needs(operation: Asked, place: Place) -> list[Need]:
        try:
            return needs(operation, place)
        except NoEntry as error:
            return [Need(str(error), "*")]

    async def _enforced(self, request: Request, receive: Receive) -> Admission:
        now = self.clock.now()
        caller = await self.authentication.check(
            request.scope, request.headers, receive, request.body, now, request.protocol
        )
        operation = asked(request.scope, request.headers, request.credential, request.body or b"")
        if caller.identity.principal is not OWN:
            place = await self._place(caller.identity, request.credential.region)
            operation = await self._encrypted(operation)
            required = self._required(request.protocol, operation, place)
            await self._check(request, caller.identity, required, place)
        return Admission(caller.receive, operation, caller.identity)

    async def _check(
        self, request: Request, identity: Identity, required: list[Need], place: Place
    ) -> None:
        """Record what is *required*; with enforce, raise Refused for what is not allowed."""
        now = self.clock.now()
        network = context.of_network(request.scope, request.headers, now, place.region)
        for need in required:
            if self.mode == "record":
                self.calls.add(identity.principal, need)
                continue
            query, decision = await self.authorization.decide(
                identity, need, network, self.tags_of(place.region)
            )
            self.calls.add(identity.principal, need, allowed=decision.allowed)
            if not decision.allowed:
                raise refused(request.protocol, query, decision)
            await self.authorization.check_passed(need)

    @staticmethod
    def _required(protocol: Protocol, operation: Asked, place: Place) -> list[Need]:
        try:
            return needs(operation, place)
        except NoEntry as error:
            raise refusals.denied(
                protocol,
                f"{error} is in no table of IAM actions of the embedded AWS, so that no policy can "
                "allow it. Start the server with --iam record to use it.",
            ) from None

    async def _place(self, identity: Identity, region: str) -> Place:
        account = identity.principal.account or self.default[0]
        identities = await self.directory.of(account)
        region = region or self.default[1]

        def key_of(kind: str, name: str) -> str | None:
            if kind == "bucket":
                return identities.bucket_key(name)
            return self.volume_key(account, region, name)

        return Place(account, region, identities.arn_of, key_of)


def _written_for(protocol: Protocol, headers: dict[str, str]) -> tuple[str, str]:
    """Return the service and the content type for which a refusal is written."""
    if protocol == "s3":
        return "s3", ""
    if protocol in ("query", "sns"):
        return "", naming.FORM
    content_type = headers.get("content-type", "")
    return "", content_type if "cbor" in content_type else ""
