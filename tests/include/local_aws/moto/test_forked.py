"""A child process behaves as `subprocess.Popen` shows one."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor

from include.local_aws.moto.forked import Fork


def child(command: str) -> Fork:
    """Return a child that runs a command of the shell."""
    return Fork(os.posix_spawn("/bin/sh", ["sh", "-c", command], os.environ))


def test_the_exit_code_is_kept() -> None:
    ended = child("exit 3")
    assert ended.wait() == 3
    assert (ended.poll(), ended.wait(), ended.returncode) == (3, 3, 3)


def test_a_running_child_has_no_code_until_it_is_terminated() -> None:
    running = child("exec sleep 60")
    assert running.poll() is None
    running.terminate()
    assert running.wait() == -signal.SIGTERM
    running.terminate()  # of an ended child, which does nothing


def test_several_threads_wait_for_one_child() -> None:
    running = child("exec sleep 60")
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(running.wait) for _ in range(3)]
        running.poll()
        os.kill(running.pid, signal.SIGKILL)
        assert [code.result() for code in waiting] == [-signal.SIGKILL] * 3
