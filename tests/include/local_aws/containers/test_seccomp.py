"""The filter of system calls, in a separate process."""

from __future__ import annotations

import struct
import subprocess
import sys

import pytest

from include.local_aws.containers.image import ROOT
from include.local_aws.containers.seccomp import AUDIT, program

TRIED = """
import ctypes, errno, os
from include.local_aws.containers.seccomp import confine_self, program
confine_self(program())
libc = ctypes.CDLL(None, use_errno=True)
refused = libc.unshare(0x10000000), errno.errorcode[ctypes.get_errno()]
pid = os.fork()
if pid == 0: os._exit(7)
print(*refused, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


@pytest.mark.parametrize("machine", AUDIT)
def test_every_jump_stays_in_the_program(machine: str) -> None:
    code = program(machine)
    assert code is not None
    steps = list(struct.iter_unpack("HBBI", code))
    for place, (kind, if_true, if_false, _) in enumerate(steps):
        if kind & 0x07 == 0x05:
            assert place + 1 + max(if_true, if_false) < len(steps)
    assert steps[-1] == (0x06, 0, 0, 0x7FFF0000)


def test_an_unknown_machine_has_no_filter() -> None:
    assert program("vax") is None


def test_a_process_that_takes_it_can_fork_but_make_no_namespace() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRIED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["-1", "EPERM", "7"]
