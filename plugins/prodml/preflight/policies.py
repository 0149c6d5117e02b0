"""Read the statements of a policy with placeholders, for one project."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prodml.preflight.project import Project

EXAMPLE = "preflight"  # replaces a wildcard in the name of a resource
Keys = dict[str, str | tuple[str, ...]]
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Need:
    """Actions that must be allowed on resources, with the keys of their conditions."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    keys: Keys = field(default_factory=dict)


def needs(path: Path, project: Project) -> Iterator[Need]:
    """Yield what the statements of a policy allow, as requests that must be allowed."""
    for statement in json.loads(path.read_text())["Statement"]:
        actions = tuple(a for a in _listed(statement["Action"]) if "*" not in a)
        named = (_named(text, project) for text in _listed(statement["Resource"]))
        resources = tuple(resource for resource in named if resource)
        if actions and resources:
            yield Need(actions, resources, _keys(statement.get("Condition", {}), project))


def _named(text: str, project: Project) -> str:
    """Return a resource of *text* with the project's values; "" if one is not set."""
    values = {
        "Partition": project.partition,
        "Region": project.region,
        "AccountId": project.account,
        "Bucket": project.bucket,
        "LandingBucket": project.landing_bucket,
        "Prefix": project.deployment.lower(),
        "KeyArn": project.rules.output_kms_key if _is_arn(project.rules.output_kms_key) else "",
    }
    if any(not values.get(name) for name in PLACEHOLDER.findall(text)):
        return ""
    text = PLACEHOLDER.sub(lambda found: values[found[1]], text)
    return text if text == "*" else text.replace("*", EXAMPLE)


def _is_arn(key: str) -> bool:
    return key.startswith("arn:")


def _keys(condition: dict[str, dict[str, Any]], project: Project) -> Keys:
    """Return for each key of a condition a value that fulfils it."""
    return {
        key: _named(_listed(values)[0], project)
        for operator, entries in condition.items()
        if operator.endswith(("StringEquals", "StringLike", "ArnLike", "ArnEquals", "Bool"))
        for key, values in entries.items()
    }


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(item) for item in value]
