"""Users for the jobs of a root server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from include.local_aws.containers.command import Box
from include.local_aws.containers.sandbox import enclosed
from include.local_aws.containers.users import FIRST, LAST, may_pass, other_user


def test_only_root_has_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert other_user() is None
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    one, two = other_user(), other_user()
    assert one != two
    assert FIRST <= min(one or 0, two or 0) <= max(one or 0, two or 0) <= LAST


def test_a_closed_folder_keeps_others_out(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "below").mkdir(parents=True)
    closed.chmod(0o700)
    assert not may_pass(closed / "below")
    assert may_pass(Path("/usr/bin"))


def test_a_job_of_root_in_a_closed_folder_runs_as_root_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    root = tmp_path / "closed" / "job" / "ml"
    root.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    command = enclosed(Box(root, visible=()), ["true"], "none")
    command.close()
    assert not command.changes_user
    assert f"Jobs run as root: without namespaces another user cannot reach {root}" in caplog.text
