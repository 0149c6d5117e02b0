"""The template is current, and its policies fit into roles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra.build import FOLDER, TEMPLATE, PlaceholderError, main, substituted, template
from infra.derive import filled

# Characters without white space: of all inline policies of a role, and of one managed policy.
INLINE, MANAGED = 10_240, 6_144
LONGEST_NAMES = {
    "Partition": "aws-us-gov",
    "Region": "ap-southeast-1",
    "AccountId": "0" * 12,
    "Bucket": "b" * 63,
    "LandingBucket": "b" * 63,
    "Prefix": "p" * 16,
    "KeyArn": f"arn:aws-us-gov:kms:us-gov-west-1:{'0' * 12}:key/mrk-{'0' * 32}",
}
POLICIES = sorted((FOLDER / "policies").glob("*.json"))


def test_template_is_current() -> None:
    assert TEMPLATE.read_text() == template(), "Run `make infra`."


def test_old_template_fails_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "prodml.yaml"
    old.write_text("old")
    monkeypatch.setattr("infra.build.TEMPLATE", old)
    with pytest.raises(SystemExit, match="Run `make infra`"):
        main(["--check"])
    main([])
    main(["--check"])


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_policy_is_in_the_template(path: Path) -> None:
    assert f"PolicyDocument: policies/{path.name}" in (FOLDER / "resources.yaml").read_text()


def deployed(name: str) -> str:
    """Return a policy as it is deployed with the longest names."""
    policy = json.loads((FOLDER / "policies" / f"{name}.json").read_text())
    return json.dumps(filled(policy, LONGEST_NAMES), separators=(",", ":"))


@pytest.mark.parametrize(
    "names", [("airflow", "preflight", "landing"), ("execution", "network", "landing")]
)
def test_policies_of_a_role_fit_into_it(names: tuple[str, ...]) -> None:
    policies = [deployed(name) for name in names]
    assert not any("${Bucket}" in text for text in policies)
    assert sum(map(len, policies)) < INLINE


def test_a_managed_policy_is_not_too_long() -> None:
    assert len(deployed("api")) < MANAGED


def test_placeholders_become_substitutions() -> None:
    policy = {"Resource": ["arn:${Partition}:s3:::${Bucket}/${aws:PrincipalAccount}/*", "*"]}
    value = "arn:${AWS::Partition}:s3:::${BucketName}/${!aws:PrincipalAccount}/*"
    expected: dict[str, Any] = {"Resource": [{"Fn::Sub": value}, "*"]}
    assert substituted(policy) == expected


def test_unknown_placeholder_is_refused() -> None:
    with pytest.raises(PlaceholderError, match=r"\$\{Buckett\} in infra/policies has no value"):
        substituted("arn:${Partition}:s3:::${Buckett}")
