"""Which image URIs are known, and what stands in for each: pinned packages and entry points."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from include.local_aws.wire.errors import AwsError, validation

FOLDER = Path(__file__).resolve().parents[1] / "images"
TOOLKIT = ("sagemaker-training==5.1.4", "setuptools==80.10.2")
SERVING = ("sagemaker-inference==1.10.1", "uvicorn==0.54.0", "httptools==0.9.0")
XGBOOST_METRICS = (
    "accuracy auc aucpr error f1 logloss mae map mape merror mlogloss mse ndcg rmse".split()
)


@dataclass(frozen=True)
class Image:
    """A known repository:tag; *requirements* are the framework versions that the image has."""

    repository: str
    tag: str
    folder: str  # below images/: its training entry point and server
    requirements: tuple[str, ...]
    script_mode: bool  # whether AWS's toolkit runs the user's own script in it

    @property
    def name(self) -> str:
        return f"{self.repository}:{self.tag}"

    @property
    def digest(self) -> str:
        """The same packages make the same environment, whichever image asks for it."""
        return requirements_digest(self.requirements)

    @property
    def code(self) -> Path:
        return FOLDER / self.folder

    @property
    def metric_definitions(self) -> list[dict[str, str]]:
        """A built-in algorithm's metrics are known to the platform; a script's are the user's."""
        if self.script_mode:
            return []
        return [
            {"Name": f"{part}:{m}", "Regex": rf".*\[[0-9]+\].*#011{part}-{m}:(\S+)"}
            for m in XGBOOST_METRICS
            for part in ("train", "validation")
        ]


def requirements_digest(requirements: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(requirements).encode()).hexdigest()[:12]


def _xgboost(tag: str, *requirements: str) -> Image:
    packages = (*requirements, "uvicorn==0.54.0", "httptools==0.9.0")
    return Image("sagemaker-xgboost", tag, "xgboost", packages, script_mode=False)


def _sklearn(tag: str, *requirements: str) -> Image:
    packages = (*requirements, *SERVING)
    return Image("sagemaker-scikit-learn", tag, "toolkit", packages, script_mode=True)


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
    )
}


def image_for(uri: str) -> Image:
    """The image behind a URI of any registry account and region; raises for an unknown tag."""
    name = uri.rpartition("/")[2]
    if name not in KNOWN:
        raise _unknown(uri)
    return KNOWN[name]


def _unknown(uri: str) -> AwsError:
    known = ", ".join(sorted(KNOWN))
    return validation(
        f"The embedded AWS has nothing that stands in for image {uri!r}. Use one of: {known}."
    )
