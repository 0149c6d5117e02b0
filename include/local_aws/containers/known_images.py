"""The known images: a list of packages each, as AWS's image has them, and its programs.

The lists are in images/packages, the locks of their dependencies in images/locks.
"""

from __future__ import annotations

from dataclasses import replace

from .image import (
    FOLDER,
    JOBS,
    LISTS,
    PIP,
    PYTHON,
    SCRIPTS,
    SERVING,
    TOOLKIT_FOLDER,
    Image,
    Packages,
    listed,
    locked,
)


def _packages(name: str, python: str, *more: str) -> Packages:
    """Return the packages of an image on AWS's version of Python, else on that of all images."""
    file = name.replace(":", "-")
    own = Packages((*listed(LISTS / f"{file}.txt"), *more), locked(file, PYTHON))
    return (
        own
        if python == PYTHON
        else replace(own, lock=locked(file, python), python=python, instead=own)
    )


def _xgboost(tag: str, python: str) -> Image:
    packages = _packages(f"sagemaker-xgboost:{tag}", python, *SERVING)
    folder = FOLDER / "xgboost"
    return Image("sagemaker-xgboost", tag, folder, packages, script_folders=(SCRIPTS,))


def _sklearn(tag: str, python: str) -> Image:
    packages = _packages(f"sagemaker-scikit-learn:{tag}", python, *SERVING)
    return Image("sagemaker-scikit-learn", tag, TOOLKIT_FOLDER, packages, script_mode=True)


def _deep(name: str, python: str, instead: Packages | None = None) -> Image:
    """Return a deep-learning image; *instead* is used where its version cannot be installed."""
    packages = _packages(name, python, *SERVING)
    if packages.instead:
        packages = replace(packages, instead=replace(packages.instead, instead=instead))
    repository, _, tag = name.partition(":")
    return Image(repository, tag, TOOLKIT_FOLDER, packages, script_mode=True, large=True)


def _hugging_face(name: str) -> Image:
    """Return an image with Transformers, whose own handlers serve a model without a script."""
    return replace(_deep(name, "3.12", TRANSFORMERS), script_folders=(FOLDER / "hugging_face",))


def _monitor(repository: str, folder: str) -> Image:
    """Return an image of Model Monitor, which has no tag and runs the project's analyzer."""
    packages = _packages(f"{repository}:latest", PYTHON, PIP)
    return Image(repository, "latest", FOLDER / folder, packages, import_folders=(JOBS,))


def _spark(tag: str) -> Image:
    packages = _packages(f"sagemaker-spark-processing:{tag}", PYTHON, PIP)
    return Image("sagemaker-spark-processing", tag, FOLDER / "spark", packages)


# AWS's training toolkit, which has a separate environment.
TOOLKIT = _packages("toolkit", PYTHON, PIP)
TORCH = _deep("pytorch:2.13-cpu", "3.12")
HUGGING_FACE = "huggingface-pytorch:2.13-transformers5.5-cpu"
TRANSFORMERS = _packages(HUGGING_FACE, PYTHON, *SERVING)
TENSORFLOW = _deep("tensorflow-training:2.21-cpu-py312", "3.12")
IMAGES = (
    _xgboost("1.7-1", "3.10"),
    _xgboost("3.0-5", "3.10"),
    _xgboost("3.2-0", "3.12"),
    _sklearn("1.2-1-cpu-py3", PYTHON),  # AWS's Python 3.9 is too old for the server
    _sklearn("1.4-2-cpu-py3", "3.10"),
    _sklearn("1.4-2-py312-cpu-py3", "3.12"),
    _sklearn("1.9-0-cpu-py3", "3.12"),
    _deep("pytorch-training:2.6-cpu-py312", "3.12", TORCH.packages),
    _deep("pytorch-training:2.10-cpu-py313", "3.13", TORCH.packages),
    TORCH,
    _deep("pytorch-inference:2.6-cpu-py312", "3.12", TORCH.packages),
    _deep("tensorflow-training:2.19-cpu-py312", "3.12", TENSORFLOW.packages),
    TENSORFLOW,
    _deep("tensorflow-inference:2.19-cpu", "3.12", TENSORFLOW.packages),
    _deep("tensorflow-inference:2.20-cpu-py312", "3.12", TENSORFLOW.packages),
    _hugging_face("huggingface-pytorch-training:2.9-transformers5.3-gpu-py312"),
    _hugging_face("huggingface-pytorch-inference:2.6-transformers5.5-cpu-py312"),
    _spark("3.5-cpu-py312"),
    _monitor("sagemaker-model-monitor-analyzer", "monitor"),
    _monitor("sagemaker-model-monitor-groundtruth-merger", "merger"),
)
KNOWN = {image.name: image for image in IMAGES}
# The packages that are locked, by the name of their image.
LOCKED = {name: image.packages for name, image in KNOWN.items()} | {
    "toolkit": TOOLKIT,
    HUGGING_FACE: TRANSFORMERS,
}
