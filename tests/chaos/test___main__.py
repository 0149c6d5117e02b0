"""The figures of `make chaos`, and the guarantees that they break."""

from __future__ import annotations

import json
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from chaos import __main__ as suite
from chaos import kills, retraining, rollbacks
from tests.chaos.worlds import QuietWorld

NONE = dict.fromkeys(suite.SIZES, 0)


@pytest.fixture(name="result", autouse=True)
def _result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep the file of the figures, the handler of SIGTERM and the random numbers of others."""
    handler, state = signal.getsignal(signal.SIGTERM), random.getstate()
    monkeypatch.setattr(suite, "RESULT", tmp_path / "figures" / "chaos.json")
    yield suite.RESULT
    signal.signal(signal.SIGTERM, handler)
    random.setstate(state)


def test_an_unknown_executor_is_refused_with_those_that_exist(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHAOS_EXECUTOR", "kubernetes")
    with pytest.raises(SystemExit, match="'kubernetes'; set it to one of: local, celery"):
        suite.main()


def test_a_suite_of_no_experiment_breaks_no_guarantee(
    result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = QuietWorld({"GET .*/dagRuns/": {"state": "success"}}, kinds=("ours", "stock"))
    assert suite.run(world, NONE) == []
    assert [run.dag_id for run in world.runs] == ["crash_ours_waiting", "crash_stock_waiting"]
    written = json.loads(result.read_text())
    names = ("rollbacks", "rollbacks_caught", "crashes", "duplicates", "kills", "orphans")
    assert written == {kind: dict.fromkeys(names, 0) for kind in ("ours", "stock")}
    header, *rows = capsys.readouterr().out.strip().splitlines()
    assert header.split() == ["ours", "stock"]
    assert "unfinished" in [row.split()[0] for row in rows]


def test_each_broken_guarantee_of_ours_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the stock operators are figures alone."""
    orphaned = {"kills": 2, "orphans": 1}
    missed = {"rollbacks": 3, "rollbacks_caught": 1}
    failed = {"backfill_runs": 30, "backfill_failures": 2}
    for module, name, figures in (
        (kills, "kill", orphaned),
        (rollbacks, "roll_back", missed),
        (retraining, "backfill", failed),
    ):
        both = {"ours": figures, "stock": dict.fromkeys(figures, 9)}
        monkeypatch.setattr(module, name, lambda *_, both=both: both)
    monkeypatch.setattr(retraining, "survive", lambda _: ["no trial won"])
    world = QuietWorld({"GET .*/dagRuns/": {"state": "success"}}, kinds=("ours", "stock"))
    assert suite.run(world, NONE | {"BACKFILL": 1}) == [
        "no trial won",
        "1 orphans",
        "2 backfill_failures",
        "2 rollbacks were not reported",
    ]
