"""SimulatePrincipalPolicy, answered by the same evaluation that decides about requests.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from ..wire import model, query
from ..wire.document import Doc
from ..wire.errors import AwsError
from ..wire.http import Send, reply
from .arns import account_in
from .asked import Asked
from .authorization import Authorization
from .directory import Directory, Identity
from .needs import Need
from .principals import Principal

OPERATION = ("iam", "SimulatePrincipalPolicy")


def is_asked(operation: Asked) -> bool:
    """Return whether *operation* is SimulatePrincipalPolicy."""
    return (operation.service, operation.operation) == OPERATION


async def answer(
    send: Send, operation: Asked, authorization: Authorization, directory: Directory
) -> None:
    """Answer whether the policies of a user or a role allow actions."""
    parameters = operation.parameters
    principal = await _principal(str(parameters.get("PolicySourceArn", "")), directory)
    keys = {
        entry["ContextKeyName"].lower(): tuple(entry.get("ContextKeyValues", ()))
        for entry in parameters.get("ContextEntries", ())
    }
    results = [
        await _result(authorization, principal, Need(action, resource, keys))
        for action in parameters.get("ActionNames", ())
        for resource in parameters.get("ResourceArns") or ["*"]
    ]
    known = model.operation(*OPERATION)
    if known is None:
        raise RuntimeError("botocore has no iam:SimulatePrincipalPolicy.")
    codec = query.codec(known)
    document = {"EvaluationResults": results, "IsTruncated": False}
    await reply(send, 200, codec.write(document, known.output_shape), codec.headers)


async def _principal(arn: str, directory: Directory) -> Principal:
    account = account_in(arn)
    identities = await directory.of(account) if account else None
    principal = identities.source(arn) if identities else None
    if principal is None:
        raise AwsError("NoSuchEntity", f"{arn or 'PolicySourceArn'} cannot be found.", 404)
    return principal


async def _result(authorization: Authorization, principal: Principal, need: Need) -> Doc:
    _, decision = await authorization.decide(Identity(principal, ""), need, {}, lambda arn: {})
    outcome = "explicitDeny" if decision.explicit else "implicitDeny"
    return {
        "EvalActionName": need.action,
        "EvalResourceName": need.resource,
        "EvalDecision": "allowed" if decision.allowed else outcome,
    }
