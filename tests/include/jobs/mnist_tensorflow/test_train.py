"""The TensorFlow script, on a recorder in Keras's place: TensorFlow is in its image alone.

`tests/loop/test_mnist.py` trains with the real framework.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest

from include.settings import ROOT

SOURCE = (ROOT / "include/jobs/mnist_tensorflow/train.py").read_text()


class Keras(ModuleType):
    """Stand in for the framework; what is called on it is recorded."""

    def __init__(self) -> None:
        super().__init__("keras")
        self.callbacks = SimpleNamespace(Callback=object)
        self.layers = self.optimizers = self.utils = self.Input = MagicMock()
        self.model = MagicMock()
        self.Model = object

    def Sequential(self, layers: list[Any]) -> MagicMock:  # noqa: N802  (Keras's own name)
        return self.model


@pytest.fixture
def keras(monkeypatch: pytest.MonkeyPatch) -> Keras:
    stand_in = Keras()
    monkeypatch.setitem(sys.modules, "keras", stand_in)
    return stand_in


@pytest.fixture
def script(keras: Keras) -> ModuleType:
    module = ModuleType("train")
    exec(compile(SOURCE, "train.py", "exec"), module.__dict__)
    return module


@pytest.fixture
def channel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "training"
    folder.mkdir()
    for part, count in (("train", 6), ("eval", 2)):
        np.save(folder / f"{part}_data.npy", np.full((count, 28, 28, 1), 255, np.uint8))
        np.save(folder / f"{part}_labels.npy", np.arange(count).reshape(-1, 1))
    monkeypatch.setenv("SM_CHANNEL_TRAINING", str(folder))
    return folder


def test_pixels_are_shares_whatever_copy_of_mnist_there_is(
    script: ModuleType, channel: Path
) -> None:
    pixels, labels = script.images("train")
    assert (pixels.shape, pixels.dtype, pixels.max()) == ((6, 28, 28), np.float32, 1.0)
    assert labels.tolist() == [0, 1, 2, 3, 4, 5]
    np.save(channel / "train_data.npy", np.full((6, 784), 0.5, np.float32))
    assert script.images("train")[0].max() == 0.5


def test_the_image_may_add_arguments_of_its_own(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["train.py", "--model_dir", "s3://b/m", "--epochs", "5"])
    given = script.arguments()
    assert (given.epochs, given.hidden_units, given.optimizer) == (5, 128, "adam")
    monkeypatch.setattr(sys, "argv", ["train.py", "--optimizer", "rmsprop"])
    with pytest.raises(SystemExit):
        script.arguments()


def test_the_model_is_exported_below_a_version_folder(
    script: ModuleType, keras: Keras, channel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["train.py", "--epochs", "2", "--batch_size", "3"])
    monkeypatch.setenv("SM_MODEL_DIR", "/opt/ml/model")
    script.main()
    fit = keras.model.fit.call_args
    assert len(fit.args[0]) == len(fit.args[1]) == 6
    assert len(fit.kwargs["validation_data"][0]) == 2
    assert (fit.kwargs["epochs"], fit.kwargs["batch_size"]) == (2, 3)
    assert keras.model.export.call_args.args == (Path("/opt/ml/model/1"),)


def test_an_epochs_line_is_what_metric_definitions_read(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    logs = {"loss": 0.5213, "val_loss": 0.1887, "val_accuracy": 0.943, "accuracy": 1.0}
    script.Report().on_epoch_end(0, logs)
    line = "train:loss=0.52130; test:loss=0.18870; test:accuracy=0.94300;\n"
    assert capsys.readouterr().out == line
