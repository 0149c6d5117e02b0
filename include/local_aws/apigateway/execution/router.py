"""The ASGI layer that answers requests to deployed APIs; they have no signature of AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from ...core.account import Aws
from ...wire.errors import AwsError
from ...wire.http import App, Receive, Scope, Send, read
from ..addresses import Address, address_of
from ..deployed import Deployed, Stage
from . import access_log, execution, request, sharing
from .integrations import Answer

MOST = 10 << 20  # bytes of a payload, as on AWS
FORBIDDEN = {"x-amzn-errortype": "ForbiddenException", "content-type": "application/json"}
Place = tuple[Aws, Stage]


class DeployedApis:
    """Answers requests whose address is a deployed API; passes all others to *app*."""

    def __init__(self, app: App, accounts: Callable[[], Iterable[Aws]]) -> None:
        self._app = app
        self._accounts = accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = address_of(scope) if scope["type"] == "http" else None
        if address is None:
            await self._app(scope, receive, send)
        elif place := self._place(address):
            await _answer(*place, address, scope, receive, send)
        else:
            await read(receive, MOST)
            await _send(send, _refusal(403, "Forbidden"))

    def shares_with(self, scope: Scope, origin: str) -> bool:
        """Return whether the API that a request names lets the pages of *origin* call it."""
        address = address_of(scope)
        place = self._place(address) if address else None
        return bool(address and place and sharing.is_shared(place[1], address.path, origin))

    def _place(self, address: Address) -> Place | None:
        for aws in self._accounts():
            if stage := aws.part(Deployed).stage(address.api, address.stage):
                return aws, stage
        return None


async def _answer(
    aws: Aws, stage: Stage, address: Address, scope: Scope, receive: Receive, send: Send
) -> None:
    try:
        body = await read(receive, MOST)
    except AwsError as error:
        if error.status != 413:
            raise
        await _send(send, _refusal(413, "Request Too Long"))
        return
    given = request.read(aws, stage, address, scope, body)
    await _send(send, await execution.answer(aws, stage, given))
    await access_log.write(aws, stage, given)


def _refusal(status: int, message: str) -> Answer:
    return Answer(status, dict(FORBIDDEN), json.dumps({"message": message}).encode())


async def _send(send: Send, answer: Answer) -> None:
    headers = [(b"content-length", str(len(answer.body)).encode())]
    headers += [(_field(n), _field(v)) for n, v in answer.headers.items() if n != "content-length"]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _field(text: str) -> bytes:
    return text.replace("\r", " ").replace("\n", " ").encode("latin-1", "replace")
