"""The vCPUs, memory and accelerators of instance types: limits of processes, room for copies.

Sources: https://aws.amazon.com/ec2/instance-types/ and botocore's ProductionVariantInstanceType.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

TYPE = re.compile(r"ml\.([a-z0-9-]+)\.(?:(\d*)(xlarge)|(\w+))")
LEAST = 8 << 30  # bytes, an ml.m5.large's: a process reserves more than it uses
SMALL = {"medium": 2, "large": 2}  # vCPUs
MEMORY = {  # GiB for each vCPU, by family
    **dict.fromkeys(("c5", "c5d", "c6i", "c6id", "c6gd", "c6g", "c6gn", "c7i", "c7g", "c8g"), 2.0),
    **dict.fromkeys(("c4", "c6in"), 1.875),
    **dict.fromkeys(("m4", "m5", "m5d", "m6g", "m6gd", "m6i", "m6id", "m7i", "m8g"), 4.0),
    **dict.fromkeys(("r5", "r5d", "r6g", "r6gd", "r6i", "r6id", "r7i", "r7gd", "r8g"), 8.0),
    **dict.fromkeys(("t2", "t3", "g4dn", "g5", "g6", "inf2"), 4.0),
    "p3": 7.625,
    "inf1": 2.0,
    "g6e": 8.0,
    "p4d": 12.0,
}
ACCELERATORS = {  # by family and size, in units of xlarge; others of the family have one
    "p3": {2: 1, 8: 4, 16: 8},
    "p4d": {24: 8},
    "g4dn": {12: 4},
    **{family: {12: 4, 24: 4, 48: 8} for family in ("g5", "g6", "g6e")},
    "inf1": {6: 4, 24: 16},
    "inf2": {24: 6, 48: 12},
}


@dataclass(frozen=True)
class Resources:
    """The resources of an instance, or those that a copy of a model needs."""

    cpus: float
    memory: float  # MB
    accelerators: float = 0.0

    def __sub__(self, other: Resources) -> Resources:
        return Resources(
            self.cpus - other.cpus,
            self.memory - other.memory,
            self.accelerators - other.accelerators,
        )

    def fits(self, room: Resources) -> bool:
        return (
            self.cpus <= room.cpus
            and self.memory <= room.memory
            and self.accelerators <= room.accelerators
        )


def resources_of(instance_type: str) -> Resources:
    """Return the resources of an instance; raise ValueError for a type that is not known."""
    match = TYPE.fullmatch(instance_type)
    family, times, extra, small = match.groups() if match else ("", "", "", "")
    if family not in MEMORY or not (extra or small in SMALL):
        raise ValueError(
            f"The embedded AWS does not know the resources of {instance_type}. Use a type of one "
            f"of the families {', '.join(sorted(MEMORY))}."
        )
    size = int(times or 1) if extra else 0
    cpus = 4 * size if extra else SMALL[small]
    per_cpu = 2.0 if (family, small) in (("t2", "medium"), ("t3", "medium")) else MEMORY[family]
    accelerators = ACCELERATORS[family].get(size, 1) if family in ACCELERATORS else 0
    return Resources(cpus, cpus * per_cpu * 1024, accelerators)


def process_memory(instance_type: str | None) -> int:
    """Return the bytes of data that each process on an instance may have.

    They are the instance's memory, but at most this machine's, and at least `LEAST`, which is also
    that of an unknown type.
    """
    try:
        asked = int(resources_of(instance_type or "").memory) << 20
    except ValueError:
        return LEAST
    return max(LEAST, min(asked, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")))
