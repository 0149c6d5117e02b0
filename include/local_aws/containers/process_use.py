"""Measure the CPU time and the memory of processes with their descendants."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Mapping

import psutil


def by_parent() -> dict[int, list[int]]:
    """Return the descendants of this process by their parent: one scan for all containers."""
    children: dict[int, list[int]] = defaultdict(list)
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            children[process.ppid()].append(process.pid)
    return children


def used(pids: list[int], children: Mapping[int, list[int]]) -> tuple[float, float]:
    """Return the CPU seconds and resident bytes of processes and their descendants."""
    seconds = resident = 0.0
    family = list(pids)
    for member in family:  # grows during the iteration
        family += children.get(member, [])
        try:
            process = psutil.Process(member)
            times, memory = process.cpu_times(), process.memory_info()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system
        resident += memory.rss
    return seconds, resident
