"""The answer to GetCallerIdentity: moto does not know root users or the server's own sessions."""

from __future__ import annotations

from ..wire import model, query
from ..wire.http import Send, reply
from .asked import Asked
from .principals import Principal

SERVICE, OPERATION = "sts", "GetCallerIdentity"


def is_asked(operation: Asked) -> bool:
    """Return whether *operation* is GetCallerIdentity."""
    return (operation.service, operation.operation) == (SERVICE, OPERATION)


async def answer(send: Send, principal: Principal) -> None:
    """Say who *principal* is."""
    operation = model.operation(SERVICE, OPERATION)
    if operation is None:
        raise RuntimeError(f"botocore has no {SERVICE}:{OPERATION}.")
    document = {
        "UserId": principal.user_id,
        "Account": principal.account,
        "Arn": principal.arn,
    }
    codec = query.codec(operation)
    await reply(send, 200, codec.write(document, operation.output_shape), codec.headers)
