"""The errors of API Gateway's control plane."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.store import Doc
from ..wire.errors import AwsError


def bad_request(message: str) -> AwsError:
    return AwsError("BadRequestException", message)


def not_found(message: str) -> AwsError:
    return AwsError("NotFoundException", message, 404)


def conflict(message: str) -> AwsError:
    return AwsError("ConflictException", message, 409)


def not_emulated(operation: str, member: str, advice: str) -> AwsError:
    return AwsError(
        "NotImplementedException", f"{operation}: {member} is not emulated. {advice}", 501
    )


def refuse_members(operation: str, request: Doc, members: Mapping[str, str]) -> None:
    """Raise AwsError for a member that is set and has no effect here; *members* has the advice."""
    for member, advice in members.items():
        if request.get(member):
            raise not_emulated(operation, member, advice)
