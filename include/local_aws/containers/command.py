"""A container that is to be started, and the command that starts it on this machine."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from pathlib import Path

from .isolated_network import IsolatedNetwork

OPT_ML = "/opt/ml"
Network = bool | IsolatedNetwork


@dataclass(frozen=True)
class Box:
    """One container: *root* is its /opt/ml, *visible* what it may read of this machine."""

    root: Path
    visible: tuple[Path, ...]
    hostname: str = "algo-1"
    environment: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)  # name -> address of every instance
    network: Network = True  # False cuts it off, where the kernel has namespaces
    seconds: float | None = None  # after which it is stopped: no process computes for longer


@dataclass(frozen=True)
class Command:
    """What to execute on this machine to run something in a box."""

    argv: list[str]
    cwd: Path
    descriptors: list[int]  # which the command reads from, and which are to be closed here
    wrappers: int  # processes above the first that is the job's
    end: signal.Signals  # what makes the wrappers end everything
    changes_user: bool = False  # and needs capabilities until it has done so

    def close(self) -> None:
        for descriptor in self.descriptors:
            os.close(descriptor)
