"""The reaper as the program that it is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psutil
import pytest

from include.local_aws.containers.confinement import follow_server
from include.local_aws.containers.reaped import reaped


def run(script: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    order = reaped(["sh", "-c", script], {"PATH": "/usr/bin:/bin", "A": "b"}, tmp_path)
    try:
        return subprocess.run(
            order.argv,
            env={},
            cwd=order.cwd,
            pass_fds=order.descriptors,
            preexec_fn=lambda: follow_server(order),
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    finally:
        order.close()


@pytest.mark.parametrize(
    ("script", "code"), [("exit 0", 0), ("exit 3", 3), ("kill -9 $$", 137), ("kill -15 $$", 143)]
)
def test_its_code_is_the_commands(script: str, code: int, tmp_path: Path) -> None:
    assert run(script, tmp_path).returncode == code


def test_the_command_gets_the_variables_and_the_folder(tmp_path: Path) -> None:
    assert run('echo "$A"; pwd', tmp_path).stdout.split() == ["b", str(tmp_path)]


def test_daemons_do_not_outlive_the_command(tmp_path: Path) -> None:
    """Daemons have their own sessions, with the command's output still open."""
    assert run("setsid sleep 86421 & setsid setsid sleep 86421 & exit 0", tmp_path).returncode == 0
    left = [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "86421"]]
    assert left == []


def test_a_command_that_is_not_there_is_named(tmp_path: Path) -> None:
    order = reaped(["no-such-program"], {"PATH": "/usr/bin"}, tmp_path)
    done = subprocess.run(
        order.argv, pass_fds=order.descriptors, capture_output=True, text=True, check=False
    )
    order.close()
    assert done.returncode == 127
    assert done.stderr == "no-such-program: No such file or directory\n"
