"""Measure the CPU time and the memory of processes with their descendants."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import psutil

# Linux lists the children of a thread; elsewhere all processes of the machine have to be read.
LISTED = Path("/proc/thread-self/children").exists()


def by_parent(pids: Iterable[int]) -> dict[int, list[int]]:
    """Return processes and their descendants, each with its children."""
    children: dict[int, list[int]] = {}
    family = list(dict.fromkeys(pids))
    for member in family:  # grows during the iteration
        if member not in children:
            children[member] = _children(member)
            family += children[member]
    return children


def _children(pid: int) -> list[int]:
    children: list[int] = []
    with contextlib.suppress(OSError, psutil.NoSuchProcess):
        if not LISTED:
            return [child.pid for child in psutil.Process(pid).children()]
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError):  # it has ended
                listed = Path(f"/proc/{pid}/task/{thread}/children").read_bytes()
                children += map(int, listed.split())
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
