"""Workers divide the rewriting of asserts, and pytest uses what they have cached."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from _pytest.assertion import rewrite

from tests.rewriting import rewrite_share


def test_each_file_is_cached_by_one_worker(
    tmp_path: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    for name in "abc":
        (tmp_path / "part").mkdir(exist_ok=True)
        (tmp_path / "part" / f"test_{name}.py").write_text("assert 1\n")
    shares = []
    for number in range(2):
        before = set(tmp_path.rglob("*.pyc"))
        worker: Any = SimpleNamespace(
            workerinput={"workerid": f"gw{number}", "workercount": 2},
            args=["."],
            invocation_params=SimpleNamespace(dir=tmp_path),
            stash=pytestconfig.stash,
            getini=pytestconfig.getini,
        )
        rewrite_share(worker)
        shares.append(set(tmp_path.rglob("*.pyc")) - before)
    assert [len(share) for share in shares] == [2, 1]
    for share in shares:
        for cached in share:
            file = tmp_path / "part" / f"{cached.name.partition('.')[0]}.py"
            assert rewrite._read_pyc(file, cached) is not None
