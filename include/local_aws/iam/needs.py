"""Every action with its resource that a request needs, and the condition keys that come with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import rest_actions, s3_actions
from .actions import FREE, Action, action_of
from .asked import Asked
from .key_actions import key_actions
from .request_keys import keys_of, values_of
from .resources import Place, resources

PASS_ROLE = "iam:PassRole"  # noqa: S105  (an action)
BATCH = ("secretsmanager", "BatchGetSecretValue")


class NoEntry(LookupError):
    """Raised for an operation whose action is in no table; the message names it."""


@dataclass(frozen=True)
class Need:
    """One action on one resource, with the keys of the request."""

    action: str
    resource: str
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def needs(asked: Asked, place: Place) -> list[Need]:
    """Return what must be allowed; empty where AWS asks for no permission; raise NoEntry."""
    if (asked.service, asked.operation) in FREE:
        return []
    keys = keys_of(asked, place)
    if asked.service == rest_actions.SERVICE and asked.operation:
        return [Need(*entry) for entry in rest_actions.entries(asked, place, keys)]
    if asked.service == "s3":
        pairs = list(s3_actions.pairs(asked.operation, asked.parameters))
    elif action := action_of(asked.service, asked.operation):
        pairs = [(action.name, arn) for arn in resources(action, asked.parameters, place)]
        pairs += _tagging(action, pairs, asked)
        return [
            *(Need(a, r, keys) for a, r in pairs),
            *_secrets(asked, keys, place),
            *_passed_roles(action, pairs, asked, place),
            *(Need(*entry) for entry in key_actions(asked, place)),
        ]
    else:
        pairs = []
    if not pairs:
        raise NoEntry(f"{asked.service}:{asked.operation or 'unknown'}")
    return [
        *(Need(action, resource, keys) for action, resource in pairs),
        *(Need(*entry) for entry in key_actions(asked, place)),
    ]


def _tagging(action: Action, pairs: list[tuple[str, str]], asked: Asked) -> list[tuple[str, str]]:
    """Return the tagging action that a request with tags needs too."""
    given = asked.parameters.get("Tags") or asked.parameters.get("tags")
    dependents = [name for name in action.dependents if name != PASS_ROLE] if given else []
    return [(name, pairs[0][1]) for name in dependents]


def _secrets(asked: Asked, keys: Mapping[str, tuple[str, ...]], place: Place) -> Iterator[Need]:
    """Yield the reading of each secret of a batch; of filters, that of all secrets."""
    single = action_of("secretsmanager", "GetSecretValue")
    if (asked.service, asked.operation) != BATCH or single is None:
        return
    for secret in asked.parameters.get("SecretIdList") or ["*"]:
        for arn in resources(single, {"SecretId": secret}, place):
            yield Need(single.name, arn, keys)


def _passed_roles(
    action: Action, pairs: list[tuple[str, str]], asked: Asked, place: Place
) -> Iterator[Need]:
    if PASS_ROLE not in action.dependents:
        return
    service = f"{asked.service}.amazonaws.com"
    keys = {
        "iam:passedtoservice": (service,),
        "iam:associatedresourcearn": (pairs[0][1],),
        "aws:requestedregion": (place.region,),
    }
    for arn in dict.fromkeys(_roles(asked.parameters)):
        yield Need(PASS_ROLE, arn, keys)


def _roles(parameters: Mapping[str, Any]) -> Iterator[str]:
    for name in ("RoleArn", "ExecutionRoleArn", "roleArn", "Role"):
        for value in values_of(name, parameters):
            if value.startswith("arn:aws:iam::"):
                yield value
