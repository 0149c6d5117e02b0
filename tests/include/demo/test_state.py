"""The supervisor's lock and its file: both stay correct when it was killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from include.demo.state import RUNNING, AlreadyRunningError, State, Status
from include.settings import ROOT

HOLD = """
import sys
from pathlib import Path
from include.demo.state import State, Status
state = State(Path(sys.argv[1]))
with state.held():
    state.write([Status("aws", "running", 1)])
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "run")


def test_without_a_supervisor_nothing_runs(state: State) -> None:
    assert (state.supervisor(), state.read()) == (None, [])


def test_services_are_read_as_they_were_written(state: State) -> None:
    written = [Status("aws", RUNNING, 12, 3, -9, "http://x"), Status("scheduler")]
    with state.held():
        state.write(written)
        assert state.read() == written
        assert state.supervisor() == os.getpid()
    assert state.read() == []


def test_there_is_one_supervisor(state: State) -> None:
    with state.held():
        complaint = rf"Process {os.getpid()} supervises .*make down"
        with pytest.raises(AlreadyRunningError, match=complaint), state.held():
            pass
        assert state.supervisor() == os.getpid()  # the one that was refused took nothing away


def test_a_killed_supervisor_holds_nothing(state: State) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(state.folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    assert state.supervisor() == process.pid
    assert [status.name for status in state.read()] == ["aws"]
    process.kill()
    process.communicate()
    assert (state.supervisor(), state.read()) == (None, [])
    with state.held():
        pass
