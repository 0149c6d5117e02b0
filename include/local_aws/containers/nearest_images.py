"""Choose the known image that is nearest to an unknown tag of a known framework."""

from __future__ import annotations

import os
import re
from dataclasses import replace

from .image import Image
from .known_images import IMAGES

NEAREST_IMAGE = "PRODML_NEAREST_IMAGE"  # set by --nearest-image as well
FIRST_XGBOOST = ("1", "latest")
VERSION = re.compile(r"\d+(?:\.\d+)*")
# Repositories of one framework and purpose, with their names of the past and for Arm.
FAMILIES = (
    ("sagemaker-xgboost", "xgboost"),
    ("sagemaker-scikit-learn",),
    ("pytorch-training", "pytorch", "sagemaker-pytorch"),
    ("pytorch-inference", "pytorch-inference-graviton", "pytorch-inference-arm64"),
    ("tensorflow-training", "sagemaker-tensorflow-scriptmode"),
    ("tensorflow-inference", "sagemaker-tensorflow-serving", "tensorflow-inference-graviton"),
    ("huggingface-pytorch-training",),
    ("huggingface-pytorch-inference",),
    ("sagemaker-spark-processing",),
)


def enabled() -> bool:
    """Return whether unknown tags of known frameworks run on the nearest known image."""
    return os.environ.get(NEAREST_IMAGE, "") not in ("", "0")


def nearest(repository: str, tag: str) -> list[Image]:
    """Return the known images of the same framework and purpose, the nearest one first."""
    # The algorithm's first image, XGBoost 0.72, has tags without a version.
    wanted = (0, 72) if repository == "xgboost" and tag in FIRST_XGBOOST else _version(tag)
    family = next((names for names in FAMILIES if repository in names), ())
    if not wanted:
        return []
    known = [image for image in IMAGES if image.repository in family]
    asked = f"{repository}:{tag}"
    return [
        replace(image, stands_for=asked)
        for image in sorted(known, key=lambda image: _distance(_version(image.tag), wanted))
    ]


def _version(tag: str) -> tuple[int, ...]:
    version = VERSION.match(tag)
    return tuple(map(int, version[0].split("."))) if version else ()


def _distance(known: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[int, int]:
    """Return how far *known* is: by the major version, and within it by the minor one."""
    (major, minor), (asked, asked_minor) = known[:2], (*wanted, 0)[:2]
    if major == asked:
        return 0, abs(minor - asked_minor)
    return abs(major - asked), minor if major > asked else -minor
