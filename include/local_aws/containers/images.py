"""Find the image of a URI: a known one, a custom one, or the nearest one if that is allowed."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from ..wire.errors import AwsError, validation
from .image import PIP, ROOT, Image, Packages, listed
from .known_images import KNOWN
from .nearest_images import NEAREST_IMAGE, enabled, nearest

PROGRAMS = ("train", "serve", "process")  # of a custom image; it has one of them or more
NAME = re.compile(r"\w[\w.-]{0,127}", re.ASCII)  # of the folder of a custom image, and of its tag
# One image has a short and a long tag: `2.6-cpu-py312`, `2.6.0-cpu-py312-ubuntu22.04-sagemaker`;
# `3.5-cpu-py312`, `3.5-cpu-py312-v1.3`; `2.9.0-transformers5.3.0-gpu-py312-cu130-ubuntu22.04`.
LONG_TAG = re.compile(
    r"(\d+\.\d+)(?:\.\d+)?(?:(-transformers\d+\.\d+)(?:\.\d+)?)?(-[cg]pu(?:-py\d+)?)"
    r"(?:-cu\d+)?(?:-(?:ubuntu[\d.]+|amzn\d+))?(?:-(?:sagemaker|ec2))?(?:-v[\d.]+)?"
)


def image_for(uri: str) -> Image:
    """Return the image of a URI of any registry account and region; refuse an unknown one."""
    repository, _, given = uri.rpartition("/")[2].partition(":")
    tag = given or "latest"
    names = [f"{repository}:{tag}"]
    if long := LONG_TAG.fullmatch(tag):
        names.append(f"{repository}:{long[1]}{long[2] or ''}{long[3]}")
    known = next((KNOWN[name] for name in names if name in KNOWN), None)
    image = known or _own(repository, tag)
    if image:
        return image
    near = nearest(repository, tag)
    if near and enabled():
        return near[0]
    raise _unknown(uri, near)


def digest_of(uri: str) -> str | None:
    """Return the digest by which a registry names the content of an image; None if unknown."""
    try:
        image = image_for(uri)
    except AwsError:
        return None
    content = repr((image.name, image.packages.requirements)).encode()
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
        if any((folder / program).is_file() for program in PROGRAMS):
            packages = Packages(_requirements(folder))
            return Image(repository, tag, folder.resolve(), packages, own=True)
    return None


def _requirements(folder: Path) -> tuple[str, ...]:
    lines = listed(folder / "requirements.txt")
    return lines if any(re.match(r"pip\b", line) for line in lines) else (*lines, PIP)


def _unknown(uri: str, near: list[Image]) -> AwsError:
    if near:
        names = ", ".join(image.name for image in near[:3])
        advice = (
            f"The nearest known ones are {names}: use one of them, or start the embedded AWS with "
            f"--nearest-image ({NEAREST_IMAGE}=1), which runs {near[0].name} in its place. Others"
        )
    else:
        advice = "Use one of"
    return validation(
        f"The embedded AWS does not emulate the image {uri!r}. {advice}: "
        f"{', '.join(sorted(KNOWN))}; "
        f"or add a custom image: a folder with `train`, `serve` or `process` below {own_images()}."
    )
