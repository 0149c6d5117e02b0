"""Policy documents, and which statements of them apply to a request."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from . import conditions
from .conditions import Condition
from .patterns import Context, matches, matches_arn, substituted
from .principals import Grant, Principal

Effect = Literal["Allow", "Deny"]
CURRENT = "2012-10-17"  # the version that knows variables


class MalformedPolicy(ValueError):
    """Raised for a document that AWS would refuse; the message says what is wrong."""


@dataclass(frozen=True)
class Query:
    """One question to the policies: may *principal* do *action* on *resource*?"""

    principal: Principal
    action: str
    resource: str
    context: Context = field(default_factory=dict)


@dataclass(frozen=True)
class Statement:
    """One statement; the elements that start with `not_` exclude what they match."""

    effect: Effect
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    principals: tuple[tuple[str, str], ...] = ()  # kind and value
    not_principals: tuple[tuple[str, str], ...] = ()
    variables: bool = True

    def applies(self, query: Query) -> bool:
        """Return whether action, resource and conditions fit; principals are another matter."""
        return (
            self._fits_action(query.action)
            and self._fits_resource(query)
            and all(c.holds(query.context, variables=self.variables) for c in self.conditions)
        )

    def grant(self, principal: Principal) -> Grant:
        """Return how the statement names *principal*, for the policy of a resource."""
        if self.not_principals:
            excluded = principal.grant(self.not_principals)
            return Grant.NONE if excluded is not Grant.NONE else Grant.SESSION
        return principal.grant(self.principals)

    def _fits_action(self, action: str) -> bool:
        if self.not_actions:
            return not any(matches(name, action, ignore_case=True) for name in self.not_actions)
        return any(matches(name, action, ignore_case=True) for name in self.actions)

    def _fits_resource(self, query: Query) -> bool:
        if self.not_resources:
            return not self._any_resource(self.not_resources, query)
        return not self.resources or self._any_resource(self.resources, query)

    def _any_resource(self, patterns: tuple[str, ...], query: Query) -> bool:
        for pattern in patterns:
            resolved = substituted(pattern, query.context) if self.variables else pattern
            if resolved is not None and matches_arn(resolved, query.resource):
                return True
        return False


@dataclass(frozen=True)
class Policy:
    """A document's statements."""

    statements: tuple[Statement, ...]

    def applying(self, effect: Effect, query: Query) -> Iterator[Statement]:
        """Yield the statements of *effect* that apply, whatever principal they name."""
        return (s for s in self.statements if s.effect == effect and s.applies(query))

    def has(self, effect: Effect, query: Query) -> bool:
        """Return whether a statement of *effect* applies."""
        return next(self.applying(effect, query), None) is not None

    def grant(self, effect: Effect, query: Query) -> Grant:
        """Return the strongest way in which applying statements of *effect* name the principal."""
        grants = (s.grant(query.principal) for s in self.applying(effect, query))
        return max(grants, default=Grant.NONE)


@functools.lru_cache(maxsize=2048)
def parsed(text: str) -> Policy:
    """Return the policy in a JSON text; raise MalformedPolicy."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise MalformedPolicy(f"The policy is not JSON: {error}.") from None
    return policy(document)


def policy(document: Any) -> Policy:
    """Return the policy of a document; raise MalformedPolicy."""
    if not isinstance(document, dict) or "Statement" not in document:
        raise MalformedPolicy("A policy is a JSON object with the member 'Statement'.")
    variables = document.get("Version") == CURRENT
    statements = _listed(document["Statement"])
    return Policy(tuple(_statement(item, variables=variables) for item in statements))


def _statement(item: Any, *, variables: bool) -> Statement:
    if not isinstance(item, dict) or item.get("Effect") not in ("Allow", "Deny"):
        raise MalformedPolicy("Each statement is an object whose 'Effect' is Allow or Deny.")
    if ("Action" in item) == ("NotAction" in item):
        raise MalformedPolicy("Each statement has either 'Action' or 'NotAction'.")
    try:
        tests = conditions.parsed(item.get("Condition") or {})
    except (AttributeError, ValueError) as error:
        raise MalformedPolicy(str(error)) from None
    return Statement(
        effect=item["Effect"],
        actions=_texts(item.get("Action")),
        not_actions=_texts(item.get("NotAction")),
        resources=_texts(item.get("Resource")),
        not_resources=_texts(item.get("NotResource")),
        conditions=tests,
        principals=tuple(_principals(item.get("Principal"))),
        not_principals=tuple(_principals(item.get("NotPrincipal"))),
        variables=variables,
    )


def _principals(element: Any) -> Iterator[tuple[str, str]]:
    if isinstance(element, dict):
        for kind, values in element.items():
            yield from ((kind, str(value)) for value in _listed(values))
    elif element is not None:
        yield from (("AWS", str(value)) for value in _listed(element))


def _texts(element: Any) -> tuple[str, ...]:
    return () if element is None else tuple(str(value) for value in _listed(element))


def _listed(element: Any) -> Sequence[Any]:
    return element if isinstance(element, list) else [element]
