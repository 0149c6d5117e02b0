"""Imports of scripts from AWS's XGBoost container, without the image's own modules."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.image import SCRIPTS
from include.local_aws.containers.images import image_for
from tests.include.local_aws.images.interpreter import Interpreter
from tests.include.local_aws.jobs import XGBOOST

TRAIN = """
import json, sys
from sagemaker_xgboost_container import distributed
from sagemaker_xgboost_container.data_utils import get_content_type, get_dmatrix, get_size

def run(**arguments):
    global answer
    answer = arguments

rows = get_dmatrix(folder, kind)
shape = [rows.num_row(), rows.num_col(), rows.get_label().tolist()]
assert get_dmatrix(folder + "/none", kind) is None
assert get_size(folder)
distributed.rabit_run(
    exec_fun=run, args={"shape": shape, "kind": get_content_type(kind)}, include_in_training=True,
    hosts=["algo-1"], current_host="algo-1", update_rabit_args=True,
)
answer["own"] = sys.modules["data"].NAME
"""
SERVE = """
import sagemaker_xgboost_container.encoder as xgb_encoders
shapes = [[*map(int, (m.num_row(), m.num_col()))] for m in (
    xgb_encoders.csv_to_dmatrix("1,2\\n3,4"),
    xgb_encoders.libsvm_to_dmatrix("0 0:1 2:3"),
    xgb_encoders.decode(b"1;2", "text/csv; charset=utf-8"),
)]
answer = [shapes, xgb_encoders.json_to_jsonlines({"predictions": [{"a": 1}, {"a": 2}]}).decode()]
"""
CHECKPOINTS = """
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


@pytest.fixture(name="script", scope="module")
def _script(
    environments: Environments, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Interpreter]:
    """Start an interpreter in a script's folder, whose modules have the names of the image's."""
    folder = tmp_path_factory.mktemp("code")
    (folder / "data.py").write_text("NAME = 'mine'\n")
    python = asyncio.run(environments.of(image_for(XGBOOST), print))
    interpreter = Interpreter(
        python, folder, tmp_path_factory.mktemp("ml"), PYTHONPATH=str(SCRIPTS)
    )
    config = interpreter.base / "input" / "config" / "resourceconfig.json"
    config.write_text('{"hosts": ["algo-1"], "current_host": "algo-1"}')
    yield interpreter
    interpreter.end()


@pytest.mark.parametrize(("kind", "row"), [("csv", "1,2,3\n"), ("libsvm", "1 0:2 1:3\n")])
def test_scripts_train_with_the_readers_of_the_container(
    script: Interpreter, tmp_path: Path, kind: str, row: str
) -> None:
    (tmp_path / "rows").write_text(row * 2)
    answer = script.run(f"import data\n{TRAIN}", folder=str(tmp_path), kind=kind)
    assert answer == {
        "shape": [2, 2, [1, 1]],
        "kind": kind,
        "is_master": True,
        "own": "mine",
    }


def test_scripts_serve_with_the_encoders_of_the_container(script: Interpreter) -> None:
    shapes, lines = script.run(SERVE)
    assert shapes == [[2, 2], [1, 3], [1, 2]]
    assert lines == '{"a": 1}\n{"a": 2}\n'


def test_boosting_continues_with_the_last_checkpoint(script: Interpreter, tmp_path: Path) -> None:
    """Rounds count through all runs; five files of a run are kept, and all of the earlier run."""
    started = script.run(CHECKPOINTS, folder=str(tmp_path), rounds=7)
    names = [f"xgboost-checkpoint.{number}" for number in range(15)]
    assert started == {"rounds": 7, "files": names[2:7], "best": 7}
    continued = script.run(CHECKPOINTS, folder=str(tmp_path), rounds=14)
    assert continued == {"rounds": 14, "files": names[2:7] + names[9:14], "best": 14}
