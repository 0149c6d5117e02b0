"""Start commands, and kill them with their children."""

from __future__ import annotations

import os
from pathlib import Path

from chaos.launching import Process


def test_a_process_is_killed_with_its_children(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    script = f"set -m; /bin/sleep 3600 > {pipe} & wait"  # in a group of its own, as Airflow's tasks
    made = Process("shell", ["/bin/bash", "-c", script], {}, tmp_path)
    made.start()
    with pipe.open() as output:  # which ends with its last writer
        made.kill()
        assert output.read() == ""
    assert made.running is None


def test_a_process_that_was_not_started_can_be_killed(tmp_path: Path) -> None:
    made = Process("aws", [], {}, tmp_path)
    made.kill()
    assert made.running is None


def test_a_process_starts_in_its_folder_with_its_variables(tmp_path: Path) -> None:
    made = Process("shell", ["/bin/sh", "-c", "pwd; echo $MODE"], {"MODE": "own"}, tmp_path)
    made.inside = tmp_path / "home"
    made.inside.mkdir()
    made.start()
    assert made.running is not None
    assert made.running.wait() == 0
    assert (tmp_path / "shell.log").read_text().split() == [str(made.inside), "own"]
