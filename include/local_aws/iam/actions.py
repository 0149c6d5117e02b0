"""Find the action of an operation and its types of resources in AWS's own reference."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

TABLES = Path(__file__).parent / "tables"
PREFIXES = {  # of services whose actions have another prefix than botocore's name
    "sagemaker-runtime": "sagemaker",
    "sagemaker-metrics": "sagemaker",
    "service-quotas": "servicequotas",
    "resourcegroupstaggingapi": "tag",
}
# Operations whose action has another name; S3 has a table of its own.
RENAMED = {
    ("sagemaker-runtime", "InvokeEndpointWithResponseStream"): "InvokeEndpoint",
    ("sns", "PublishBatch"): "Publish",
    ("sqs", "SendMessageBatch"): "SendMessage",
    ("sqs", "DeleteMessageBatch"): "DeleteMessage",
    ("sqs", "ChangeMessageVisibilityBatch"): "ChangeMessageVisibility",
    ("lambda", "Invoke"): "InvokeFunction",
    **{("budgets", name): "ViewBudget" for name in ("DescribeBudget", "DescribeBudgets")},
    **{
        ("budgets", f"{verb}{noun}"): "ModifyBudget"
        for verb in ("Create", "Update", "Delete")
        for noun in ("Budget", "Notification", "Subscriber")
    },
}
# "No permissions are required" to call these.
FREE = frozenset({("sts", "GetCallerIdentity"), ("sts", "GetSessionToken")})


@dataclass(frozen=True)
class Template:
    """The ARN of a type of resources, with its placeholders."""

    text: str
    names: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Action:
    """An action; without types it is on everything, unless the request names an ARN."""

    name: str
    templates: tuple[Template, ...] = ()
    required: int = 0  # of the templates, the first ones
    takes_arn: bool = False
    dependents: tuple[str, ...] = ()


def prefix_of(service: str) -> str:
    """Return the prefix of the actions of botocore's *service*."""
    return PREFIXES.get(service, service)


def action_of(service: str, operation: str) -> Action | None:
    """Return the action that an operation needs; None if the tables have no entry for it."""
    name = RENAMED.get((service, operation), operation)
    return known(prefix_of(service), name)


def known(prefix: str, name: str) -> Action | None:
    """Return the action *prefix*:*name*, whatever the case of its letters."""
    return _table(prefix).get(name.lower())


@functools.cache
def _table(prefix: str) -> dict[str, Action]:
    path = TABLES / f"{prefix}.json"
    if not re.fullmatch(r"[a-z0-9-]+", prefix) or not path.exists():
        return {}
    table = json.loads(path.read_text())
    templates = {kind: _template(arn) for kind, arn in table["resources"].items()}
    return {
        name.lower(): Action(
            f"{prefix}:{name}",
            tuple(templates[kind] for kind in entry.get("on", ())),
            entry.get("required", 0),
            entry.get("any", False),
            tuple(entry.get("with", ())),
        )
        for name, entry in table["actions"].items()
    }


def _template(arn: str) -> Template:
    names = re.findall(r"\$\{(\w+)\}", arn)
    escaped = re.sub(r"\\\$\\\{\w+\\\}", "[^:]*", re.escape(arn))
    pattern = escaped.removesuffix("[^:]*") + ".+" if escaped.endswith("[^:]*") else escaped
    own = tuple(name for name in names if name not in ("Partition", "Region", "Account"))
    return Template(arn, own, re.compile(pattern))
