"""The stages of a job on its files, by the threads of one instance."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.jobs.tabular.engine import Alone, Stage, Work
from include.jobs.tabular.hashing import Hashes
from include.jobs.tabular.sources import unlabelled_sources
from tests.include.jobs.tabular.window_files import SCHEMA, rows_of, write_csv

MANY = 40  # files: more than wait in memory for one that is slow


def work(engine: Alone) -> list[Work]:
    return [(source, {}) for source in unlabelled_sources(engine.raw, engine.files)]


def test_results_have_the_order_of_the_files(tmp_path: Path) -> None:
    for number in range(MANY):
        write_csv(tmp_path / f"2024-01-01T00/part-{number:02}.csv", rows_of(number, number + 1))
    with Alone(SCHEMA, tmp_path, tmp_path / "output") as engine:
        summaries = [*engine.run(Stage.SUMMARIZE, work(engine))]
    assert [summary["rows"] for summary in summaries] == [*range(1, MANY + 1)]


def test_keys_that_occur_again_are_known_after_the_first_stage(tmp_path: Path) -> None:
    write_csv(tmp_path / "2024-01-01.csv", rows_of(0, 10))
    write_csv(tmp_path / "2024-01-02.csv", [*rows_of(8, 4), *rows_of(9, 1)])
    with Alone(SCHEMA, tmp_path, tmp_path / "output") as engine:
        files = work(engine)
        assert sum(one["rows"] for one in engine.run(Stage.SUMMARIZE, files)) == 15
        repeated, surplus = engine.repeated()
        assert (len({*repeated.tolist()}), surplus) == (2, 3)
        first, second = engine.run(Stage.FIND, [(source, hashes(repeated)) for source, _ in files])
    assert [first["count"], second["count"]] == [2, 3]
    assert first["places"] == [(10, "customer-8"), (11, "customer-9")]
    assert [row for row, _ in second["places"]] == [2, 3, 6]


def hashes(repeated: Hashes) -> dict[str, list[int]]:
    return {"hashes": repeated.tolist()}


def test_the_failure_of_a_file_is_that_of_the_stage(tmp_path: Path) -> None:
    write_csv(tmp_path / "2024-01-01.csv", rows_of(0, 3))
    with (
        Alone(SCHEMA, tmp_path, tmp_path / "output") as engine,
        pytest.raises(KeyError, match="hashes"),
    ):
        [*engine.run(Stage.FIND, work(engine))]
