"""Which image URIs are known, and what stands in for each: pinned packages and entry points."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..wire.errors import AwsError, validation

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(__file__).resolve().parents[1] / "images"
LOCKS = FOLDER / "locks"
PIP = "pip==26.3"
BOTO = "boto3==1.43.117"
ASGI = ("uvicorn==0.54.0", "httptools==0.9.0")
SERVING = ("sagemaker-inference==1.10.1", *ASGI, BOTO, PIP)
LAYOUT = "relocatable"  # of environments: another one makes other digests
XGBOOST_METRICS = (
    "accuracy aft-nloglik auc aucpr balanced_accuracy cox-nloglik error f1 f1_binary f1_macro "
    "gamma-deviance gamma-nloglik interval-regression-accuracy logloss mae map mape merror "
    "mlogloss mphe mse ndcg poisson-nloglik precision precision_macro precision_micro r2 recall "
    "recall_macro recall_micro rmse rmsle tweedie-nloglik"
).split()


@cache
def locked(name: str) -> tuple[str, ...]:
    """Return the versions of what the image called *name* needs; an own image has none."""
    path = LOCKS / f"{name.replace(':', '-')}.txt"
    return tuple(path.read_text().splitlines()) if path.exists() else ()


@dataclass(frozen=True)
class Packages:
    """What an environment holds."""

    requirements: tuple[str, ...]
    lock: tuple[str, ...] = ()  # the versions of what *requirements* need in their turn
    nearest: tuple[str, ...] = ()  # what to take where *requirements* cannot be had

    @property
    def digest(self) -> str:
        """The same packages make the same environment, whichever image asks for it."""
        return self.with_extra(())

    def with_extra(self, extra: tuple[str, ...]) -> str:
        """Return the digest of the environment that has *extra* too."""
        parts = (LAYOUT, self.requirements, self.lock, extra)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Image:
    """A known repository:tag; *requirements* are the framework versions that the image has."""

    repository: str
    tag: str
    folder: Path  # its training entry point and server
    requirements: tuple[str, ...]
    script_mode: bool = False  # whether AWS's toolkit runs the user's own script in it
    nearest: tuple[str, ...] = ()  # what to take where *requirements* cannot be had
    own: bool = False  # the user's: its `train` and `serve` are executed, as in a container
    beside: tuple[Path, ...] = ()  # further folders that its program reads

    @property
    def name(self) -> str:
        return f"{self.repository}:{self.tag}"

    @property
    def packages(self) -> Packages:
        """What its environment holds."""
        return Packages(self.requirements, () if self.own else locked(self.name), self.nearest)

    @property
    def metric_definitions(self) -> list[dict[str, str]]:
        """A built-in algorithm's metrics are known to the platform; a script's are the user's."""
        if self.script_mode or self.own:
            return []
        return [
            {"Name": f"{part}:{m}", "Regex": rf".*\[[0-9]+\].*#011{part}-{m}:(\S+)"}
            for m in XGBOOST_METRICS
            for part in ("train", "validation")
        ]

    def command(self, python: Path, verb: str) -> list[str]:
        """What the container runs: `train` or `serve`."""
        if self.own:
            return [str(self.folder / verb)]
        return [str(python), str(self.folder / f"{verb}.py")]


def _xgboost(tag: str, *requirements: str) -> Image:
    packages = (*requirements, *ASGI, BOTO, PIP)
    return Image("sagemaker-xgboost", tag, FOLDER / "xgboost", packages)


def _sklearn(tag: str, *requirements: str) -> Image:
    packages = (*requirements, *SERVING)
    folder = FOLDER / "toolkit"
    return Image("sagemaker-scikit-learn", tag, folder, packages, script_mode=True)


def _deep(repository: str, tag: str, *requirements: str, newer: str) -> Image:
    """A deep-learning image; *newer* is what is taken where its own version cannot be had."""
    packages = (*requirements, *SERVING)
    nearest = (newer, *packages[1:])
    folder = FOLDER / "toolkit"
    return Image(repository, tag, folder, packages, script_mode=True, nearest=nearest)


def _monitor(repository: str, folder: str) -> Image:
    """Model Monitor's images have no tag, and a program of their own: the project's analyzer."""
    packages = (NUMPY, "pyarrow==17.0.0", BOTO, PIP)
    beside = (ROOT / "include" / "jobs",)
    return Image(repository, "latest", FOLDER / folder, packages, beside=beside)


# AWS's own training toolkit, which has an environment of its own.
TOOLKIT = Packages(
    ("sagemaker-training==5.1.4", "setuptools==80.10.2", BOTO, PIP), locked("toolkit")
)
NEWEST_TORCH = "torch==2.13.0"
NEWEST_TENSORFLOW = "tensorflow-cpu==2.21.0"
NUMPY = "numpy==2.2.6"
KNOWN = {
    image.name: image
    for image in (
        _xgboost("1.7-1", "xgboost==1.7.6", "numpy==1.26.4", "scipy==1.11.4"),
        _xgboost("3.0-5", "xgboost-cpu==3.0.5", "numpy==2.2.6", "scipy==1.15.3"),
        _sklearn(
            "1.2-1-cpu-py3",
            "scikit-learn==1.2.2",
            "numpy==1.24.4",
            "pandas==1.5.3",
            "pyarrow==14.0.1",
        ),
        _sklearn(
            "1.4-2-cpu-py3",
            "scikit-learn==1.4.2",
            "numpy==1.26.4",
            "pandas==2.2.3",
            "pyarrow==17.0.0",
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
        _monitor("sagemaker-model-monitor-analyzer", "monitor"),
        _monitor("sagemaker-model-monitor-groundtruth-merger", "merger"),
    )
}
NAME = re.compile(r"\w[\w.-]{0,127}", re.ASCII)  # of a folder of the user's, and of its tag
# Both `2.6-cpu-py312` and `2.6.0-cpu-py312-ubuntu22.04-sagemaker` name one image.
LONG_TAG = re.compile(
    r"(\d+\.\d+)(?:\.\d+)?(-cpu(?:-py\d+)?)(?:-ubuntu[\d.]+)?(?:-(?:sagemaker|ec2))?"
)


def image_for(uri: str) -> Image:
    """The image behind a URI of any registry account and region; raises for an unknown tag."""
    repository, _, given = uri.rpartition("/")[2].partition(":")
    tag = given or "latest"
    if long := LONG_TAG.fullmatch(tag):
        known = KNOWN.get(f"{repository}:{long[1]}{long[2]}")
    else:
        known = None
    found = KNOWN.get(f"{repository}:{tag}") or known or _own(repository, tag)
    if not found:
        raise _unknown(uri)
    return found


def own_images() -> Path:
    """Where the user's images are folders: PRODML_IMAGES, else `images/` of the project."""
    return Path(os.environ.get("PRODML_IMAGES", ROOT / "images"))


def _own(repository: str, tag: str) -> Image | None:
    """`images/REPOSITORY/TAG/`, else `images/REPOSITORY/`, with `train` or `serve` in it."""
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
    found = tuple(line for line in stripped if line)
    return found if any(re.match(r"pip\b", line) for line in found) else (*found, PIP)


def _unknown(uri: str) -> AwsError:
    known = ", ".join(sorted(KNOWN))
    return validation(
        f"The embedded AWS has nothing that stands in for image {uri!r}. Use one of: {known}; "
        f"or put a folder of its own with `train` and `serve` below {own_images()}."
    )
