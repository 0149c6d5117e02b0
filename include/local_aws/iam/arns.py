"""Read the parts of ARNs, also of texts that only look like one."""

from __future__ import annotations

PARTS = 6  # arn:partition:service:region:account:resource


def account_in(arn: str) -> str:
    """Return the account of *arn*; empty if it has none, or is not an ARN."""
    return _part(arn, 4)


def region_in(arn: str) -> str:
    """Return the region of *arn*; empty if it has none, or is not an ARN."""
    return _part(arn, 3)


def _part(arn: str, number: int) -> str:
    parts = arn.split(":", PARTS - 1)
    return parts[number] if len(parts) == PARTS and parts[0] == "arn" else ""
