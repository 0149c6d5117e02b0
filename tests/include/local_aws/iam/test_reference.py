"""Tables of actions from a Service Authorization Reference of two services."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.iam import reference


def entry(*dependents: str, required: bool = False) -> dict[str, Any]:
    return {"required": required, "dependent_actions": list(dependents)}


def service(privileges: dict[str, Any], *kinds: str) -> dict[str, Any]:
    return {
        "privileges": {name: {"resource_types": types} for name, types in privileges.items()},
        "resources": {kind: {"arn": f"arn:${{Partition}}:{kind}/${{Name}}"} for kind in kinds},
    }


DEFINITION = {
    "sns": service(
        {
            "Publish": {"": entry("kms:Decrypt"), "topic": entry(required=True)},
            "CreateTopic": {
                "archive": entry(),
                "topic": entry("iam:PassRole", "sns:TagResource", "sns:Publish", required=True),
            },
            "TagResource": {f"kind{number}": entry() for number in range(13)},
            "ListTopics": {"": entry()},
        },
        *("topic", "archive", "unused", "kind0"),
    ),
    "ec2": service({"DescribeSubnets": {}, "RunInstances": {}}),
}


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the tables of DEFINITION, and return their folder."""
    monkeypatch.setattr(reference, "TABLES", tmp_path / "tables")
    monkeypatch.setattr(reference, "PREFIXES", tuple(DEFINITION))
    definition = tmp_path / "iam-definition.json"
    definition.write_text(json.dumps(DEFINITION))
    reference.main(definition)
    return tmp_path / "tables"


def test_required_types_are_first_and_only_passing_and_tagging_are_kept(tables: Path) -> None:
    actions = json.loads((tables / "sns.json").read_text())["actions"]
    assert actions["Publish"] == {"on": ["topic"], "required": 1}
    assert actions["CreateTopic"] == {
        "on": ["topic", "archive"],
        "required": 1,
        "with": ["iam:PassRole", "sns:TagResource"],
    }
    assert actions["ListTopics"] == {}


def test_action_on_very_many_types_takes_any_arn(tables: Path) -> None:
    table = json.loads((tables / "sns.json").read_text())
    assert table["actions"]["TagResource"] == {"any": True}
    assert table["resources"].keys() == {"topic", "archive"}


def test_of_ec2_only_what_a_vpc_needs_is_kept(tables: Path) -> None:
    assert json.loads((tables / "ec2.json").read_text())["actions"].keys() == {"DescribeSubnets"}


def test_each_action_has_a_line_of_its_own(tables: Path) -> None:
    lines = (tables / "sns.json").read_text().splitlines()
    entries = [line.strip(" ,") for line in lines if line.startswith("  ")]
    names = [name for entry in entries for name in json.loads(f"{{{entry}}}")]
    assert names == ["topic", "archive", "CreateTopic", "ListTopics", "Publish", "TagResource"]
