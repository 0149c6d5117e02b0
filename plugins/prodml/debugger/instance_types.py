"""Count the CPUs and GPUs of an instance type: CloudWatch adds up the percents of all of them."""

from __future__ import annotations

import re

TYPE = re.compile(r"ml\.([a-z0-9-]+)\.(?:(\d*)xlarge|(\w+))")
SMALL = {"medium": 2, "large": 2}
GPUS = {
    "p2": {1: 1, 8: 8, 16: 16},
    "p3": {2: 1, 8: 4, 16: 8},
    "g4dn": {12: 4},
    **{family: {12: 4, 24: 4, 48: 8} for family in ("g5", "g6", "g6e", "g7", "g7e")},
    **{family: {24: 8} for family in ("p3dn", "p4d", "p4de")},
    **{family: {48: 8} for family in ("p5", "p5e", "p5en", "p6-b200")},
}


def cpus(instance_type: str) -> int:
    """Return the number of vCPUs; 1 for an unknown type."""
    match = TYPE.fullmatch(instance_type)
    if not match:
        return 1
    _, times, small = match.groups()
    return SMALL.get(small, 1) if small else 4 * int(times or 1)


def gpus(instance_type: str) -> int:
    """Return the number of GPUs; 1 if it is not known."""
    match = TYPE.fullmatch(instance_type)
    if not match or match.group(3):
        return 1
    return GPUS.get(match.group(1), {}).get(int(match.group(2) or 1), 1)
