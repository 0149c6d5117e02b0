"""The description of a container, and the command that starts it on this machine."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from pathlib import Path

from .instance_types import LEAST
from .isolated_network import IsolatedNetwork

OPT_ML = "/opt/ml"
Network = bool | IsolatedNetwork


@dataclass(frozen=True)
class Box:
    """A container: *root* is its /opt/ml, *visible* the paths of this machine that it may read."""

    root: Path
    visible: tuple[Path, ...]
    hostname: str = "algo-1"
    environment: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)  # name -> address of every instance
    network: Network = True  # False cuts it off, where the kernel has namespaces
    seconds: float | None = None  # limit of CPU time of each of its processes
    memory: int = LEAST  # bytes of data of each of its processes


@dataclass(frozen=True)
class Command:
    """The command to execute on this machine to run a program in a box."""

    argv: list[str]
    cwd: Path
    descriptors: list[int]  # the command reads from them; close them after the start
    wrappers: int  # processes between the command and the first one of the job
    end: signal.Signals  # the signal at which the wrappers end all processes
    changes_user: bool = False  # needs capabilities until then

    def close(self) -> None:
        for descriptor in self.descriptors:
            os.close(descriptor)
