"""The command line of the reaper, on which no variable of a container is to be seen."""

from __future__ import annotations

import marshal
import os
import signal
from pathlib import Path

from include.local_aws.containers.reaped import REAPER, reaped


def test_the_reaper_reads_its_order_from_a_descriptor(tmp_path: Path) -> None:
    argv, environment = ["train", "--epochs", "3"], {"AWS_SECRET_ACCESS_KEY": "hidden"}
    command = reaped(argv, environment, tmp_path)
    try:
        (descriptor,) = command.descriptors
        assert marshal.loads(os.read(descriptor, 1 << 16)) == (argv, environment)
    finally:
        command.close()
    assert command.argv[-3:] == [str(REAPER), str(descriptor), str(os.getpid())]
    assert "hidden" not in " ".join(command.argv)
    assert (command.cwd, command.end) == (tmp_path, signal.SIGTERM)


def test_the_reapers_interpreter_takes_no_settings_of_the_user(tmp_path: Path) -> None:
    """The reaper may be root: no package and no variable of others may run in it."""
    command = reaped(["true"], {}, tmp_path)
    command.close()
    assert {"-I", "-S"} <= set(command.argv[1:3])
    assert REAPER.is_file()
