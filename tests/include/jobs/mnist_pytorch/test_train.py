"""The PyTorch script without PyTorch, which is in its image alone: arguments, data, meeting.

`tests/loop/test_mnist.py` trains with the real framework.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from unittest.mock import MagicMock

import numpy as np
import pytest

from include.settings import ROOT

SOURCE = (ROOT / "include/jobs/mnist_pytorch/train.py").read_text()
MODULES = ("torch", "torch.distributed", "torch.nn", "torch.utils", "torch.utils.data")


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> MagicMock:
    """Return a recorder of what is called on the framework; tensors are arrays."""
    recorder = MagicMock()
    recorder.nn.Module = object
    recorder.as_tensor = lambda values, dtype=None: np.asarray(values)
    recorder.utils.data.TensorDataset = lambda *tensors: tensors
    for name in MODULES:
        stand_in = recorder
        for part in name.split(".")[1:]:
            stand_in = getattr(stand_in, part)
        monkeypatch.setitem(sys.modules, name, stand_in)
    return recorder


@pytest.fixture
def script(torch: MagicMock) -> ModuleType:
    module = ModuleType("train")
    exec(compile(SOURCE, "train.py", "exec"), module.__dict__)
    return module


def test_arguments_have_the_defaults_of_a_first_trial(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["train.py", "--hidden_channels", "5", "--optimizer", "sgd"])
    given = script.arguments()
    assert (given.hidden_channels, given.optimizer, given.backend) == (5, "sgd", "gloo")
    for wrong in (["--optimizer", "rmsprop"], ["--hidden_chanels", "5"], ["--epochs", "few"]):
        monkeypatch.setattr(sys, "argv", ["train.py", *wrong])
        with pytest.raises(SystemExit):
            script.arguments()


@pytest.mark.parametrize(("dtype", "value", "pixel"), [("uint8", 255, 1.0), ("float32", 0.5, 0.5)])
def test_pixels_are_shares_whatever_copy_of_mnist_there_is(
    dtype: str,
    value: float,
    pixel: float,
    script: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    np.save(tmp_path / "train_data.npy", np.full((4, 784), value, dtype))
    np.save(tmp_path / "train_labels.npy", np.arange(4).reshape(-1, 1))
    monkeypatch.setenv("SM_CHANNEL_TRAINING", str(tmp_path))
    pixels, labels = script.images("train")
    assert (pixels.shape, pixels.max()) == ((4, 28, 28), pixel)
    assert labels.tolist() == [0, 1, 2, 3]


def test_several_instances_meet_at_the_first_host(
    script: ModuleType, torch: MagicMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SM_HOSTS", json.dumps(["algo-1", "algo-2"]))
    monkeypatch.setenv("SM_CURRENT_HOST", "algo-2")
    for name in ("MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    assert script.join("gloo") == (1, 2)
    assert script.os.environ["MASTER_ADDR"] == "algo-1"
    torch.distributed.init_process_group.assert_called_once_with("gloo", rank=1, world_size=2)


def test_one_instance_meets_no_other(
    script: ModuleType, torch: MagicMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SM_HOSTS", '["algo-1"]')
    monkeypatch.setenv("SM_CURRENT_HOST", "algo-1")
    assert script.join("gloo") == (0, 1)
    torch.distributed.init_process_group.assert_not_called()
