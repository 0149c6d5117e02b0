"""Record what each principal did: actions and resources, with how often and the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .needs import Need
from .principals import Principal

MOST = 50_000  # different calls; the oldest makes room


@dataclass
class Call:
    """One action of a principal on one resource."""

    principal: str
    action: str
    resource: str
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    count: int = 0
    denied: int = 0

    def document(self) -> dict[str, Any]:
        """Return it as `GET /_local/iam/calls` has it."""
        keys = {name: list(values) for name, values in sorted(self.keys.items())}
        return vars(self) | {"keys": keys}


class Calls:
    """Counts the same calls as one; sessions of a role are one principal."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, str, str], Call] = {}

    def add(self, principal: Principal, need: Need, *, allowed: bool = True) -> None:
        """Count one call."""
        caller = principal.role_arn or principal.arn
        place = (caller, need.action, need.resource)
        call = self._calls.get(place)
        if call is None:
            if len(self._calls) >= MOST:
                del self._calls[next(iter(self._calls))]
            call = self._calls[place] = Call(*place)
        call.keys = need.keys
        call.count += 1
        call.denied += not allowed

    def documents(self) -> list[dict[str, Any]]:
        """Return every call, by principal, action and resource."""
        return [self._calls[place].document() for place in sorted(self._calls)]

    def clear(self) -> None:
        """Forget every call."""
        self._calls.clear()
