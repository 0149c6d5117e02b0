"""Scripts save each round of their boosting, and continue after an interruption."""

from __future__ import annotations

from pathlib import Path

from tests.include.local_aws.images.interpreter import Interpreter

TRAIN = """
import os
import numpy as np, xgboost as xgb
from sagemaker_xgboost_container import checkpointing

x = np.arange(20.0).reshape(-1, 1)
rows = xgb.DMatrix(x, label=x[:, 0])
saved = checkpointing.SaveIntermediateModelCallBack(folder + "/model", "best", is_master=True)
arguments = {"params": {}, "dtrain": rows, "num_boost_round": rounds, "callbacks": [saved]}
booster = checkpointing.train(arguments, folder + "/checkpoints")
files = sorted(os.listdir(folder + "/checkpoints"), key=lambda name: int(name.split(".")[1]))
best = xgb.Booster(model_file=folder + "/model/best").num_boosted_rounds()
answer = {"rounds": booster.num_boosted_rounds(), "files": files, "best": best}
"""
LOAD = """
from sagemaker_xgboost_container.checkpointing import load_checkpoint
answer = load_checkpoint(folder)
"""


def test_boosting_continues_with_the_last_checkpoint(script: Interpreter, tmp_path: Path) -> None:
    """Rounds count through all runs; five files of a run are kept, and all of the earlier run."""
    started = script.run(TRAIN, folder=str(tmp_path), rounds=7)
    names = [f"xgboost-checkpoint.{number}" for number in range(15)]
    assert started == {"rounds": 7, "files": names[2:7], "best": 7}
    continued = script.run(TRAIN, folder=str(tmp_path), rounds=14)
    assert continued == {"rounds": 14, "files": names[2:7] + names[9:14], "best": 14}


def test_the_last_round_is_the_largest_number(script: Interpreter, tmp_path: Path) -> None:
    """Files that are still written, and files of others, are no checkpoints."""
    for name in ("9", "10", "11.sagemaker-ignore", "x"):
        (tmp_path / f"xgboost-checkpoint.{name}").touch()
    newest = str(tmp_path / "xgboost-checkpoint.10")
    assert script.run(LOAD, folder=str(tmp_path)) == [newest, 11]


def test_a_first_run_has_no_checkpoint(script: Interpreter, tmp_path: Path) -> None:
    for folder in (str(tmp_path), str(tmp_path / "missing"), "", None):
        assert script.run(LOAD, folder=folder) == [None, 0]


def test_only_one_instance_saves_the_model(script: Interpreter, tmp_path: Path) -> None:
    code = """
import os
from sagemaker_xgboost_container.checkpointing import SaveIntermediateModelCallBack
callback = SaveIntermediateModelCallBack(folder, "best", is_master=False)
answer = [callback.after_iteration(None, 0, None), os.listdir(folder)]
"""
    assert script.run(code, folder=str(tmp_path)) == [False, []]
