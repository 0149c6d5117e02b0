"""The MNIST experiments, one by PyTorch and one by TensorFlow, over the same images."""

from __future__ import annotations

import tempfile

from prodml.aws.s3 import split

from include.pipelines.adapters.aws import client
from include.pipelines.contracts.data import Images, Pixels
from include.pipelines.definition import images
from include.pipelines.definition.study import Study
from include.settings import ROOT, settings

FOLDER = ROOT / "include" / "data" / "mnist"
FILES = [f"{part}_{what}.npy" for part in ("train", "eval") for what in ("data", "labels")]
PREFIX = "mnist/images"
CHUNK = 4096  # images that are read at a time
METRICS = {
    name: rf"{name}=([0-9.]+(?:e[-+][0-9]+)?|nan|inf);"
    for name in ("train:loss", "test:loss", "test:accuracy")
}
PYTORCH = Study(
    name="mnist-pytorch",
    image=images.pytorch,
    serving_image=images.pytorch_inference,
    metrics=METRICS,
    shared=("epochs", "dropout", "optimizer", "backend"),
    varied=("hidden_channels", "batch_size", "learning_rate", "seed"),
)
TENSORFLOW = Study(
    name="mnist-tensorflow",
    image=images.tensorflow,
    serving_image=images.tensorflow_inference,
    metrics=METRICS,
    shared=("epochs", "dropout", "optimizer"),
    varied=("hidden_units", "batch_size", "learning_rate", "seed"),
)
STUDIES = {study.name: study for study in (PYTORCH, TENSORFLOW)}


def choose(data_uri: str | None) -> Images:
    """Return the address of the trials' images, and the local files to upload there first."""
    if data_uri:
        return {"uri": data_uri.rstrip("/") + "/", "files": []}
    return {"uri": f"{settings().uri(PREFIX)}/", "files": [str(FOLDER / name) for name in FILES]}


def measure(uri: str) -> Pixels:
    """Return the mean and deviation of the training pixels, from 0 to 1, and their number."""
    import numpy as np

    bucket, key = split(f"{uri}train_data.npy")
    with tempfile.NamedTemporaryFile(suffix=".npy") as file:
        client("s3").download_fileobj(bucket, key, file)
        file.flush()
        pixels = np.load(file.name, mmap_mode="r")
        scale = 255 if pixels.dtype == np.uint8 else 1
        total = squares = 0.0
        for first in range(0, len(pixels), CHUNK):
            part = pixels[first : first + CHUNK].astype("float64") / scale
            total, squares = total + part.sum(), squares + (part**2).sum()
    mean = total / pixels.size
    deviation = (squares / pixels.size - mean**2) ** 0.5
    return {
        "normalization_mean": float(mean),
        "normalization_std": float(deviation),
        "training_images": len(pixels),
    }
