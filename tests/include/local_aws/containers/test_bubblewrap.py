"""The command line of bubblewrap."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.local_aws.containers import bubblewrap
from include.local_aws.containers.command import Box


@pytest.fixture
def box(tmp_path: Path) -> Box:
    (tmp_path / "algo-1" / "ml").mkdir(parents=True)
    hosts = {"algo-1": "127.0.0.5", "algo-2": "127.0.0.6"}
    return Box(tmp_path / "algo-1" / "ml", (Path("/usr"),), hosts=hosts, network=False)


def words(box: Box, user: int | None) -> list[str]:
    command = bubblewrap.command(box, ["train"], user, {"LD_PRELOAD": "x.so"})
    command.close()
    assert command.wrappers == 2
    return command.argv


def test_a_users_own_job_gets_its_variables_from_bubblewrap(box: Box) -> None:
    argv = words(box, None)
    assert argv[-1] == "train"
    assert argv[argv.index("LD_PRELOAD") - 1] == "--setenv"
    assert {"--unshare-net", "--new-session", "--die-with-parent", "--clearenv"} <= set(argv)
    assert argv[argv.index("--cap-drop") + 1] == "ALL"
    assert "--cap-add" not in argv


def test_a_roots_job_gets_them_after_the_change_of_the_user(box: Box) -> None:
    argv = words(box, 61184)
    assert "--setenv" not in argv
    change, variable = argv.index("--reuid=61184"), argv.index("LD_PRELOAD=x.so")
    assert argv.index("--") < change < argv.index("/usr/bin/env") < variable
    assert "--bounding-set=-all" in argv


def test_every_instance_is_in_the_hosts_file(box: Box) -> None:
    words(box, None)
    lines = (box.root.parent / "hosts").read_text().splitlines()
    assert {"127.0.0.1 localhost", "127.0.0.5 algo-1", "127.0.0.6 algo-2"} <= set(lines)
