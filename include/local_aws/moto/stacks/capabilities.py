"""IAM in stacks: as on AWS, a request has to acknowledge it by a capability."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

from moto.cloudformation.models import ChangeSet, Stack
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.exceptions import ServiceException

IAM, NAMED = "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"
OPERATIONS = ("create_stack", "update_stack", "create_change_set")
NAMES = {  # the property by which a template names a resource itself
    "AWS::IAM::AccessKey": "",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": "",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
}
# What the present request acknowledges; None outside of one with a template.
given: ContextVar[frozenset[str] | None] = ContextVar("capabilities", default=None)


class InsufficientCapabilities(ServiceException):  # type: ignore[misc]
    """Raised when a request does not acknowledge what its template creates."""

    code = "InsufficientCapabilitiesException"


def demand() -> None:
    """Refuse a request whose capabilities do not cover its template."""
    for name in OPERATIONS:
        setattr(CloudFormationResponse, name, _remembering(getattr(CloudFormationResponse, name)))
    for kind in (Stack, ChangeSet):
        kind._parse_template = _checking(kind._parse_template)


def check(resources: Iterable[dict[str, Any]]) -> None:
    """Raise InsufficientCapabilities unless the request acknowledges *resources*."""
    capabilities = given.get()
    if capabilities is None:
        return
    of_iam = [resource for resource in resources if resource["Type"] in NAMES]
    named = any(NAMES[r["Type"]] in r.get("Properties", {}) for r in of_iam)
    sufficient = {NAMED} if named else {IAM, NAMED}
    if of_iam and not capabilities & sufficient:
        raise InsufficientCapabilities(f"Requires capabilities : [{NAMED if named else IAM}]")


def _checking(parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def parse_and_check(stack: Any) -> None:
        parse(stack)
        check((stack.template_dict or {}).get("Resources", {}).values())

    return parse_and_check


def _remembering(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def answer(response: Any) -> Any:
        token = given.set(frozenset(response._get_param("Capabilities", [])))
        try:
            return original(response)
        finally:
            given.reset(token)

    return answer
