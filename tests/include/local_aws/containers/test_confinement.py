"""Limits that the first process of a container has from its start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from include.local_aws.containers import confinement
from include.local_aws.containers.command import Box, Command
from include.local_aws.containers.confinement import FILE_SIZE, GRACE, confined
from include.local_aws.containers.isolated_network import IsolatedNetwork
from include.local_aws.containers.sandbox import uses_bubblewrap

MEMORY = 9 << 30
LIMITS = "ulimit -d; ulimit -f; ulimit -c; ulimit -t"
SIGNAL_AT_PARENTS_END = """
import ctypes
number = ctypes.c_int()
ctypes.CDLL(None).prctl(2, ctypes.byref(number))  # PR_GET_PDEATHSIG
print(number.value, end="")
"""


@pytest.fixture(params=["programs", "a function"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Confine by programs, or by a function as on a machine without them."""
    way: str = request.param
    if way == "programs" and not confinement._programs_work():
        pytest.skip("setpriv or prlimit of util-linux is missing")
    monkeypatch.setattr(confinement, "_programs_work", lambda: way == "programs")
    return way


def output(words: list[str], box: Box, way: str) -> str:
    """Return what the command *words* prints, confined as bubblewrap is."""
    command = Command(words, box.root, [], 0, signal.SIGKILL)
    argv, function = confined(box, command)
    assert (function is None) == (way == "programs")
    return subprocess.run(
        argv, preexec_fn=function, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("seconds", [None, 60.0])
def test_a_container_has_limits_before_its_program_starts(
    seconds: float | None, way: str, tmp_path: Path
) -> None:
    printed = output(["sh", "-c", LIMITS], Box(tmp_path, (), seconds=seconds, memory=MEMORY), way)
    data, size, core, computing = printed.split()
    assert int(data) * 1024 == MEMORY
    assert int(size) * 512 == FILE_SIZE  # POSIX has blocks of 512 bytes here
    assert core == "0"
    cores = os.cpu_count() or 1
    assert computing == ("unlimited" if seconds is None else str(int((60 + GRACE) * cores)))


def test_a_container_is_killed_with_its_server(way: str, tmp_path: Path) -> None:
    assert output([sys.executable, "-c", SIGNAL_AT_PARENTS_END], Box(tmp_path, ()), way) == "9"


@pytest.mark.skipif(not uses_bubblewrap("auto"), reason="there are no namespaces")
def test_the_reaper_and_an_isolated_network_need_the_function(tmp_path: Path) -> None:
    reaped = Command(["true"], tmp_path, [], 1, signal.SIGTERM)
    assert confined(Box(tmp_path, ()), reaped)[1] is not None
    with IsolatedNetwork() as network:
        enclosed = Command(["true"], tmp_path, [], 2, signal.SIGKILL)
        assert confined(Box(tmp_path, (), network=network), enclosed)[1] is not None
