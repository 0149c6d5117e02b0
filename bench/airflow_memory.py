"""Sample the peak memory of Airflow's processes and of each task."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

import psutil

EVERY = 0.2  # seconds between two samples
TASK = re.compile(r"airflow worker -- ([0-9a-f-]{36})")  # a task's process, by its instance's id
Peaks = dict[str, float]  # megabytes by the name of a process or the id of a task instance


class Sampler:
    """
    Keeps the peak resident memory of processes, by the kernel's own high-water mark.

    :param parts: The process ids of Airflow's long-running processes by their names.
    """

    def __init__(self, parts: Mapping[str, int]) -> None:
        self._parts = parts
        self._peaks: Peaks = {}
        self._ended = threading.Event()

    @contextlib.contextmanager
    def running(self) -> Iterator[Self]:
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            thread.join()

    def taken(self) -> Peaks:
        """Return the peaks since the last call."""
        peaks, self._peaks = self._peaks, {}
        return peaks

    def _watch(self) -> None:
        while not self._ended.wait(EVERY):
            for name, pid in self._parts.items():
                with contextlib.suppress(psutil.NoSuchProcess):
                    self._sample(name, psutil.Process(pid))

    def _sample(self, name: str, parent: psutil.Process) -> None:
        for process in [parent, *parent.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess, OSError):
                task = TASK.match(" ".join(process.cmdline()))
                key = task[1] if task else name
                peak = max(self._peaks.get(key, 0.0), high_water_mark(process.pid))
                self._peaks[key] = peak


def high_water_mark(pid: int) -> float:
    """Return the peak resident memory of a process in megabytes; 0 once it has ended."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
