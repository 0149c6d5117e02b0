"""Checkpoints: one file a round, the newest five, and the round to continue with."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.include.local_aws.images.interpreter import Interpreter

TRAINED = """
import numpy as np, xgboost as xgb
import checkpoints
x = np.arange(20.0).reshape(-1, 1)
matrix = xgb.DMatrix(x, label=x[:, 0])
kept = checkpoints.folder(fold)
before, start = checkpoints.newest(kept)
xgb.train({}, matrix, rounds, callbacks=[checkpoints.Checkpointing(kept, start)], xgb_model=before)
answer = [start, sorted(path.name for path in kept.iterdir())]
"""


@pytest.fixture(name="configured")
def _configured(xgboost: Interpreter) -> Iterator[Interpreter]:
    """Configure a job with a CheckpointConfig."""
    config = xgboost.base / "input" / "config" / "checkpointconfig.json"
    config.write_text(json.dumps({"LocalPath": "/opt/ml/kept"}))
    yield xgboost
    config.unlink()


def test_without_a_configuration_nothing_is_kept(xgboost: Interpreter) -> None:
    code = (
        "import checkpoints\nkept = checkpoints.folder()\nanswer = [kept, checkpoints.newest(kept)]"
    )
    assert xgboost.run(code) == [None, [None, 0]]


def test_the_newest_five_rounds_are_kept_and_the_next_run_resumes(configured: Interpreter) -> None:
    names = [f"xgboost-checkpoint.{number}" for number in range(10)]
    assert configured.run(TRAINED, fold=None, rounds=7) == [0, names[2:7]]
    assert configured.run(TRAINED, fold=None, rounds=2) == [7, names[4:9]]
    assert configured.printed == "Resuming from checkpoint xgboost-checkpoint.6\n"


def test_each_fold_has_a_folder_of_its_own(configured: Interpreter) -> None:
    configured.run(TRAINED, fold=3, rounds=1)
    assert (configured.base / "kept" / "model-3" / "xgboost-checkpoint.0").is_file()
