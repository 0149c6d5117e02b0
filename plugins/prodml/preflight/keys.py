"""The KMS keys of the company's rules: they exist, are enabled and encrypt."""

from __future__ import annotations

from collections.abc import Iterator

from prodml.aws.client import Aws
from prodml.aws.retries import present
from prodml.preflight.findings import Finding, ok, wrong
from prodml.preflight.project import Project

ENCRYPTION = "ENCRYPT_DECRYPT"


def check_keys(aws: Aws, project: Project) -> Iterator[Finding]:
    """Check each key; whether the roles may use it is a matter of their permissions."""
    for key in project.keys:
        yield _checked(aws, key)


def _checked(aws: Aws, key: str) -> Finding:
    check = f"key {key.rpartition('/')[2]}"
    response = present(aws.client("kms").describe_key, KeyId=key)
    if response is None:
        return wrong(check, f"{key} does not exist", "Set PRODML_KMS_KEY to a key of the region")
    about = response["KeyMetadata"]
    if about["KeyState"] == "PendingDeletion":
        undo = f"aws kms cancel-key-deletion --key-id {key} && aws kms enable-key --key-id {key}"
        return wrong(check, "PendingDeletion", undo)
    if about["KeyState"] != "Enabled":
        return wrong(check, about["KeyState"], f"aws kms enable-key --key-id {key}")
    if (usage := about.get("KeyUsage", ENCRYPTION)) != ENCRYPTION:
        fix = "Set PRODML_KMS_KEY to a symmetric key for encryption"
        return wrong(check, f"is for {usage}", fix)
    return ok(check, "Enabled")
