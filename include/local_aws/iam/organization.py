"""Service control policies: those of the files that the server was started with.

A file holds one policy document or a list of them. Policies that only deny are attached together
with AWS's own FullAWSAccess, as an organization starts; one that allows replaces it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from .policies import MalformedPolicy, Policy, policy

FULL_ACCESS = policy(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)


def service_control_policies(files: Sequence[Path]) -> tuple[Policy, ...] | None:
    """Return the policies of *files*; None without a file; raise MalformedPolicy."""
    if not files:
        return None
    policies = [document for path in files for document in _read(path)]
    allows = any(s.effect == "Allow" for entry in policies for s in entry.statements)
    return tuple(policies) if allows else (FULL_ACCESS, *policies)


def _read(path: Path) -> list[Policy]:
    try:
        document = json.loads(path.read_text())
        return [policy(entry) for entry in (document if isinstance(document, list) else [document])]
    except OSError as error:
        raise MalformedPolicy(
            f"--scp {path} cannot be read: {error.strerror}. Give a file with a policy document."
        ) from None
    except ValueError as error:
        raise MalformedPolicy(f"--scp {path}: {error}") from None
