"""Updates that are rolled back need a running AWS; none of them needs nothing."""

from __future__ import annotations

import pytest

from chaos.launching import Process
from chaos.rollbacks import platform, roll_back
from tests.chaos.worlds import QuietWorld


def test_a_killed_aws_must_be_restarted_first() -> None:
    world = QuietWorld()
    world.processes.parts["aws"] = Process("aws", [], {}, world.processes.folder)
    with pytest.raises(RuntimeError, match="killed; restart it first"):
        platform(world)


def test_no_rollback_needs_no_model() -> None:
    world = QuietWorld(kinds=("ours", "stock"))
    none = {"rollbacks": 0, "rollbacks_caught": 0}
    assert roll_back(world, 0) == {"ours": none, "stock": none}
    assert (world.users.requests, world.recorded.added) == ([], [])
