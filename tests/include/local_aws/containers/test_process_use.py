"""The CPU time and memory of processes, measured with their descendants."""

from __future__ import annotations

import os
import signal
import subprocess

import psutil
import pytest

from include.local_aws.containers import process_use
from include.local_aws.containers.process_use import by_parent, used

ABSENT = 1 << 22  # Linux has no process with this number


@pytest.mark.parametrize("listed", [process_use.LISTED, False])
def test_each_descendant_is_listed_with_its_parent(
    listed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_use, "LISTED", listed)
    own = os.getpid()
    command = ["/bin/sh", "-c", "sleep 60 & echo $!; wait"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as shell:
        try:
            assert shell.stdout
            below = int(shell.stdout.readline())
            children = by_parent([own, ABSENT])
        finally:
            os.killpg(shell.pid, signal.SIGKILL)
    assert shell.pid in children[own]
    assert children[shell.pid] == [below]
    assert children[below] == children[ABSENT] == []


def test_descendants_count_and_so_do_theirs() -> None:
    own, parent = os.getpid(), os.getppid()
    seconds, resident = used([own], {})
    assert seconds > 0
    assert resident > 1 << 20
    family = used([ABSENT], {ABSENT: [ABSENT + 1], ABSENT + 1: [own]})
    assert family[0] >= seconds
    assert abs(family[1] - resident) < 64 << 20
    both = used([own], {own: [parent]})
    assert both[1] > psutil.Process(parent).memory_info().rss


def test_a_process_that_has_ended_used_nothing() -> None:
    assert used([ABSENT], {}) == (0.0, 0.0)
    assert used([], {os.getpid(): [os.getppid()]}) == (0.0, 0.0)
