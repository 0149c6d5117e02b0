"""An image: its packages, and the programs that its containers run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(__file__).resolve().parents[1] / "images"
TOOLKIT_FOLDER = FOLDER / "toolkit"
SCRIPTS = FOLDER / "scripts"  # packages that scripts import, as in AWS's images
LOCKS = FOLDER / "locks"
LISTS = FOLDER / "packages"
PACKAGED_JOBS = FOLDER / "jobs"  # the wheel has the analyzer there
JOBS = PACKAGED_JOBS if PACKAGED_JOBS.is_dir() else FOLDER.parents[1] / "jobs"
PYTHON = "3.11"  # of an image whose own version of Python is not there
PIP = "pip==26.3"
# AWS's handlers behind an ASGI server, in place of the servers of the images, which need Java.
SERVING = ("sagemaker-inference==1.10.1", "uvicorn==0.54.0", "httptools==0.9.0", PIP)
LAYOUT = "unresolved"  # of environments; part of their digests
XGBOOST_METRICS = (
    "accuracy aft-nloglik auc aucpr balanced_accuracy cox-nloglik error f1 f1_binary f1_macro "
    "gamma-deviance gamma-nloglik interval-regression-accuracy logloss mae map mape merror "
    "mlogloss mphe mse ndcg poisson-nloglik precision precision_macro precision_micro r2 recall "
    "recall_macro recall_micro rmse rmsle tweedie-nloglik"
).split()


@cache
def locked(name: str, python: str) -> tuple[str, ...]:
    """Return the locked dependencies of the image called *name* on a version of Python."""
    path = LOCKS / name.replace(":", "-") / f"{python}.txt"
    return tuple(path.read_text().splitlines()) if path.exists() else ()


def listed(path: Path) -> tuple[str, ...]:
    """Return the requirements in a file, without its comments."""
    lines = path.read_text().splitlines() if path.exists() else []
    stripped = (line.partition("#")[0].strip() for line in lines)
    return tuple(line for line in stripped if line)


@dataclass(frozen=True)
class Packages:
    """The packages of an environment."""

    requirements: tuple[str, ...]
    lock: tuple[str, ...] = ()  # the versions of the dependencies of *requirements*
    python: str = PYTHON
    instead: Packages | None = None  # used where these cannot be installed

    @property
    def digest(self) -> str:
        """Return the digest of the environment; images with the same packages share it."""
        return self.with_extra(())

    def with_extra(self, extra: tuple[str, ...]) -> str:
        """Return the digest of the environment with *extra* as well."""
        parts = (LAYOUT, self.python, self.requirements, self.lock, extra)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Image:
    """A known repository:tag, with its packages."""

    repository: str
    tag: str
    folder: Path  # has its training entry point and server
    packages: Packages
    script_mode: bool = False  # whether AWS's toolkit runs the user's script in it
    large: bool = False  # its environment takes gigabytes
    own: bool = False  # a custom image: its `train` and `serve` are executed, as in a container
    import_folders: tuple[Path, ...] = ()  # further folders that its program imports from
    stands_for: str = ""  # the repository:tag that was asked for, if this is the nearest known one
    script_folders: tuple[Path, ...] = ()  # folders of packages that every script can import

    @property
    def name(self) -> str:
        return f"{self.repository}:{self.tag}"

    @property
    def warning(self) -> str:
        """Return a line for a job that asked for another image; empty if it asked for this one."""
        if not self.stands_for:
            return ""
        return (
            f"WARNING: {self.stands_for} is not known here: {self.name}, the nearest known "
            "image, runs in its place."
        )

    def differences(self, used: Packages) -> list[str]:
        """Return lines about what a job gets instead of this image, if *used* are its packages."""
        lines = []
        if "-gpu-" in self.tag:
            lines.append(f"{self.name} runs on CPUs, with PyTorch's build for them.")
        if used.requirements != self.packages.requirements:
            lines.append(
                f"{self.name} runs {used.requirements[0]}: its version is not available here."
            )
        if used.python != self.packages.python:
            lines.append(
                f"{self.name} runs on Python {used.python}: Python {self.packages.python}, "
                "AWS's, is not on the PATH or has no such packages."
            )
        return lines

    @property
    def is_algorithm(self) -> bool:
        """Return whether the image has programs of its own, and is not a custom one."""
        return not (self.script_mode or self.own)

    @property
    def metric_definitions(self) -> list[dict[str, str]]:
        """Return the metrics of a built-in algorithm; the user defines those of a script."""
        if not self.is_algorithm:
            return []
        return [
            {"Name": f"{part}:{m}", "Regex": rf".*\[[0-9]+\].*#011{part}-{m}:(\S+)"}
            for m in XGBOOST_METRICS
            for part in ("train", "validation")
        ]

    @property
    def programs(self) -> Path:
        """Return the folder of the programs that the image adds to the PATH."""
        return self.folder / "bin"

    @property
    def processing_command(self) -> list[str]:
        """Return the command of a processing job that states none: the image's entry point."""
        program = self.folder / ("process" if self.own else "process.py")
        if not program.is_file():
            return []
        return [str(program)] if self.own else ["python", str(program)]

    def command(self, python: Path, verb: str, *, script: bool = False) -> list[str]:
        """Return the command that the container runs for `train` or `serve`.

        :param script: The model has a script, so AWS's toolkit serves a built-in algorithm too.
        """
        if self.own:
            return [str(self.folder / verb)]
        return [str(python), str((TOOLKIT_FOLDER if script else self.folder) / f"{verb}.py")]
