"""Commands and the descriptors that they read from."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from include.local_aws.containers.command import Box, Command


def test_closing_a_command_closes_what_it_read_from() -> None:
    opened = os.memfd_create("order")
    command = Command(["true"], Path("/"), [opened], 1, signal.SIGTERM)
    os.fstat(opened)
    command.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(opened)


def test_boxes_share_no_environment(tmp_path: Path) -> None:
    one, other = (Box(tmp_path, ()) for _ in range(2))
    one.environment["A"] = "b"
    one.hosts["algo-1"] = "10.0.0.1"
    assert (other.environment, other.hosts) == ({}, {})
    assert other.network is True, "a container has a network unless it is isolated"
