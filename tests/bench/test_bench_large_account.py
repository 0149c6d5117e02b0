"""A sweep costs few calls, however much other teams have in the account."""

from __future__ import annotations

from typing import Any

import pytest

from bench.bench_large_account import Crowd, measured

MOST = {
    "stop orphaned jobs": 7,  # a list of each kind of job; tuning jobs need three pages
    "restore scaling": 1,
    "reap endpoints": 1,
    "ledger of a run": 6,  # two lists of training jobs, one of the others, and the file
    "warm start": 21,  # pages of a hundred: the name of a tuning job has little room
}


@pytest.fixture(scope="module")
def sweeps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_CONN_AWS_DEFAULT", "")  # and put back what it was
        return measured(tmp_path_factory.mktemp("large"), Crowd())


@pytest.mark.parametrize("name", list(MOST))
def test_a_sweep_makes_few_calls(sweeps: dict[str, Any], name: str) -> None:
    assert sweeps[name]["calls"] <= MOST[name], sweeps[name]
