"""Limits that the first process of a container has from its start."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from include.local_aws.containers.command import Box, Command
from include.local_aws.containers.confinement import FILE_SIZE, GRACE, confinement

MEMORY = 9 << 30
LIMITS = "ulimit -d; ulimit -f; ulimit -c; ulimit -t"


@pytest.mark.parametrize("seconds", [None, 60.0])
def test_a_container_has_limits_before_its_program_starts(
    seconds: float | None, tmp_path: Path
) -> None:
    command = Command(["sh", "-c", LIMITS], tmp_path, [], 0, signal.SIGKILL)
    confine = confinement(Box(tmp_path, (), seconds=seconds, memory=MEMORY), command)
    printed = subprocess.run(
        command.argv, preexec_fn=confine, capture_output=True, text=True, check=True
    ).stdout
    data, size, core, computing = printed.split()
    assert int(data) * 1024 == MEMORY
    assert int(size) * 512 == FILE_SIZE  # POSIX has blocks of 512 bytes here
    assert core == "0"
    cores = os.cpu_count() or 1
    assert computing == ("unlimited" if seconds is None else str(int((60 + GRACE) * cores)))
