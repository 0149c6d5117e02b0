"""Folders that a container may write to."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from include.local_aws.containers import bubblewrap, writable
from include.local_aws.containers.command import Box
from include.local_aws.containers.sandbox import enclosed, uses_bubblewrap

WRITES = """
for folder in /lib /usr/local/bin /usr/share /root /var/log; do
  touch --date 2020-01-01 "$folder" "$folder/of-the-container" && chmod 0755 "$folder"
done
touch /lib/*-linux-gnu/of-the-container /usr/of-the-container
ls /lib/of-the-container /lib/*-linux-gnu/libc.so.6
"""


def test_what_a_container_writes_into_lib_is_in_its_memory(tmp_path: Path) -> None:
    """The folders are its own, those below and above them are this machine's."""
    if not uses_bubblewrap("auto") or not writable.layers(
        str(bubblewrap.binary()), tuple(bubblewrap.namespaces())
    ):
        pytest.skip("layers need namespaces and the kernel's overlay")
    root = tmp_path / "algo-1" / "ml"
    root.mkdir(parents=True)
    command = enclosed(Box(root, (Path("/usr"),)), ["sh", "-c", WRITES], "auto")
    ended = subprocess.run(
        command.argv,
        pass_fds=command.descriptors,
        capture_output=True,
        text=True,
        check=False,
    )
    command.close()
    assert ended.stdout.splitlines()[0] == "/lib/of-the-container", ended.stderr
    assert ended.stdout.endswith("/libc.so.6\n")
    first, second = ended.stderr.splitlines()
    assert "-linux-gnu/of-the-container" in first
    assert "/usr/of-the-container" in second
    assert not Path("/lib/of-the-container").exists()


def test_there_are_no_layers_where_the_kernel_has_none() -> None:
    assert writable.layers("false", ()) == ()
    assert writable.options(()) == []


def test_each_folder_is_one_word_of_the_command_of_root() -> None:
    """A folder of this machine can have any name, as /usr/local may be a link to another disk."""
    command = writable.given_to(7, (Path("/disk 2; x/lib"),))
    assert command[:2] == ["/bin/sh", "-c"]
    assert " '/disk 2; x/lib' && exec " in command[2]
    assert command[3:] == ["7:7"]
