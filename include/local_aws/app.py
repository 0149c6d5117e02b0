"""The ASGI app that routes every request to its handler, the data plane or moto."""

from __future__ import annotations

import inspect
import logging
import sqlite3

from . import (
    contents_pages,
    health,
    index_page,
    operations,  # noqa: F401  (it registers them)
    pages,
)
from .accounts import Accounts
from .core.account import Aws
from .core.registry import OPERATIONS
from .moto.proxy import MotoProxy
from .sagemaker.endpoints.fleet import Fleet
from .wire import credentials, model, naming, query, rest
from .wire.calls import Call, called
from .wire.credentials import Credential
from .wire.errors import AwsError, not_emulated, unavailable, unknown_operation
from .wire.http import Receive, Scope, Send, answer, fields, read, refuse, reply, unpacked
from .wire.validation import check

log = logging.getLogger(__name__)
OWN = frozenset(
    {
        *("monitoring", "logs", "sagemaker", "application-autoscaling", "tagging"),
        *("servicequotas", rest.APIGATEWAY),
    }
)
STORAGE = (sqlite3.OperationalError, OSError)


class App:
    """Routes by path, by service, and by the account and region of the signature."""

    def __init__(self, accounts: Accounts, moto: MotoProxy) -> None:
        self.accounts = accounts
        self.moto = moto

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                await self.moto.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.accounts.stop()
                await self.moto.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        headers = fields(scope)
        if path == "/_local" or path.startswith("/_local/"):
            await self._answer_local(scope, send, path)
            return
        credential = credentials.signed(headers, scope["query_string"])
        await self._route(scope, receive, send, headers, credential)

    async def _answer_local(self, scope: Scope, send: Send, path: str) -> None:
        if path == "/_local/health":
            await self._answer_health(send)
        elif path in ("/_local", "/_local/"):
            await index_page.answer(send, self.accounts, scope["query_string"])
        elif path.startswith("/_local/jobs/"):
            await pages.answer(send, self.accounts, path, scope["query_string"])
        elif path.startswith((contents_pages.BUCKETS, contents_pages.LOGS)):
            await contents_pages.answer(send, self.accounts, path, scope["query_string"])
        else:
            message = f"Unknown path: {path}. Open /_local/, /_local/health or /_local/faults."
            await answer(send, 404, {"message": message})

    async def _answer_health(self, send: Send) -> None:
        if not self.accounts.is_ready:
            await answer(send, 503, {"status": "starting"})
        elif failures := await health.problems(self.accounts, self.moto):
            await answer(send, 503, {"status": "degraded", "problems": failures})
        else:
            await answer(send, 200, {"status": "ready"})

    async def _account(self, credential: Credential) -> Aws:
        try:
            return await self.accounts.of(credential)
        except STORAGE as error:
            raise unavailable("Opening the account's state", error) from error

    async def _route(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        headers: dict[str, str],
        credential: Credential,
    ) -> None:
        if naming.RUNTIME.fullmatch(scope["path"]) and scope["method"] == "POST":
            aws = await self._account(credential)
            await aws.part(Fleet).gateway(scope, receive, send)
        elif call := called(scope["path"], headers):
            aws = await self._account(credential)
            body = unpacked(await read(receive), headers)
            await self._answer_operation(send, aws, call, body)
        elif credential.service in OWN:
            check_presigned(headers, credential)
            aws = await self._account(credential)
            if credential.service == rest.APIGATEWAY:
                await self._answer_rest(scope, receive, send, aws)
            else:
                await self._answer_query(scope, receive, send, aws, credential.service)
        else:
            self.accounts.check_region(credential)
            check_encoding(headers, credential)
            check_presigned(headers, credential)
            account = self.accounts.account(credential)
            await self.moto.forward(scope, receive, send, account)

    async def _answer_query(
        self, scope: Scope, receive: Receive, send: Send, aws: Aws, service: str
    ) -> None:
        """Answer CloudWatch's query protocol; refuse what moto must not answer."""
        form = scope["query_string"]
        if scope["method"] != "GET":
            form = unpacked(await read(receive), fields(scope))
        if service != "monitoring":
            await refuse(send, unknown_operation(service, ""), service, "")
            return
        name = query.action_of(form)
        if operation := model.operation("cloudwatch", name):
            call = Call("cloudwatch", name, query.codec(operation))
            await self._answer_operation(send, aws, call, form)
        else:
            error = AwsError("InvalidAction", f"CloudWatch has no operation {name!r}.")
            await refuse(send, error, service, query.TEXT_XML)

    async def _answer_rest(self, scope: Scope, receive: Receive, send: Send, aws: Aws) -> None:
        """Answer an operation that the method and the path name."""
        headers, query_string = fields(scope), scope["query_string"]
        body = unpacked(await read(receive), headers)
        path = scope["raw_path"].decode("latin-1")
        name = naming.routed(rest.APIGATEWAY, scope["method"], path, query_string, headers)
        if operation := model.operation(rest.APIGATEWAY, name):
            call = Call(rest.APIGATEWAY, name, rest.codec(operation, path, query_string))
            await self._answer_operation(send, aws, call, body)
        else:
            error = AwsError("NotFoundException", f"No operation: {scope['method']} {path}.", 404)
            await refuse(send, error, rest.APIGATEWAY, "")

    async def _answer_operation(self, send: Send, aws: Aws, call: Call, body: bytes) -> None:
        try:
            document = await self.call(aws, call, body)
            await reply(send, call.codec.status, document, call.codec.headers)
        except AwsError as error:
            await refuse(send, error, call.service, call.codec.content_type)
        except STORAGE as error:
            log.warning("Storage failed in %s:%s: %s", call.service, call.operation, error)
            refused = unavailable(call.operation, error)
            await refuse(send, refused, call.service, call.codec.content_type)
        except Exception:
            log.exception("%s:%s failed", call.service, call.operation)
            message = (
                f"{call.service}:{call.operation} failed inside the embedded AWS; see its log."
            )
            failure = AwsError("InternalFailure", message, 500)
            await refuse(send, failure, call.service, call.codec.content_type)

    async def call(self, aws: Aws, call: Call, body: bytes) -> bytes:
        """Validate, run and project one operation."""
        operation = model.operation(call.service, call.operation)
        if operation is None:
            raise unknown_operation(call.service, call.operation)
        request = call.codec.parsed(body, operation.input_shape)
        check(request, operation)
        handler = OPERATIONS.get((call.service, call.operation))
        if handler is None:
            raise not_emulated(call.service, call.operation)
        result = handler(aws, request)
        if inspect.isawaitable(result):
            result = await result
        return call.codec.write(result, operation.output_shape)


def check_encoding(headers: dict[str, str], credential: Credential) -> None:
    """Raise AwsError for a compressed body, which moto would unpack without a limit.

    S3 stores an object as it is.
    """
    packed = headers.get("content-encoding", "identity") not in ("identity", "aws-chunked")
    is_object = (
        credential.service in ("", "s3")
        and "x-amz-target" not in headers
        and not headers.get("content-type", "").startswith(naming.FORM)
    )
    if packed and not is_object:
        raise AwsError(
            "NotImplementedException",
            f"Content-Encoding of a request to {credential.service or 'this service'} is not "
            "emulated. Send the body as it is.",
            501,
        )


def check_presigned(headers: dict[str, str], credential: Credential) -> None:
    """Raise AwsError for a presigned URL that is not S3's.

    An image in a web page can have any URL, but no AWS header; moto would accept the URL.
    """
    if "authorization" not in headers and credential.service not in ("", "s3"):
        raise AwsError(
            "NotImplementedException",
            f"Presigned URLs of {credential.service} are not emulated. Sign the header instead.",
            501,
        )
