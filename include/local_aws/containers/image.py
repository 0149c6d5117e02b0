"""An image: its packages, and the programs that its containers run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(__file__).resolve().parents[1] / "images"
TOOLKIT_FOLDER = FOLDER / "toolkit"
LOCKS = FOLDER / "locks"
PACKAGED_JOBS = FOLDER / "jobs"  # the wheel has the analyzer there
JOBS = PACKAGED_JOBS if PACKAGED_JOBS.is_dir() else FOLDER.parents[1] / "jobs"
PIP = "pip==26.3"
BOTO = "boto3==1.43.117"
ASGI = ("uvicorn==0.54.0", "httptools==0.9.0")
SERVING = ("sagemaker-inference==1.10.1", *ASGI, BOTO, PIP)
LAYOUT = "relocatable"  # of environments; part of their digests
XGBOOST_METRICS = (
    "accuracy aft-nloglik auc aucpr balanced_accuracy cox-nloglik error f1 f1_binary f1_macro "
    "gamma-deviance gamma-nloglik interval-regression-accuracy logloss mae map mape merror "
    "mlogloss mphe mse ndcg poisson-nloglik precision precision_macro precision_micro r2 recall "
    "recall_macro recall_micro rmse rmsle tweedie-nloglik"
).split()


@cache
def locked(name: str) -> tuple[str, ...]:
    """Return the locked dependencies of the image called *name*; a custom image has none."""
    path = LOCKS / f"{name.replace(':', '-')}.txt"
    return tuple(path.read_text().splitlines()) if path.exists() else ()


@dataclass(frozen=True)
class Packages:
    """The packages of an environment."""

    requirements: tuple[str, ...]
    lock: tuple[str, ...] = ()  # the versions of the dependencies of *requirements*
    nearest: tuple[str, ...] = ()  # used if *requirements* cannot be installed

    @property
    def digest(self) -> str:
        """Return the digest of the environment; images with the same packages share it."""
        return self.with_extra(())

    def with_extra(self, extra: tuple[str, ...]) -> str:
        """Return the digest of the environment with *extra* as well."""
        parts = (LAYOUT, self.requirements, self.lock, extra)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Image:
    """A known repository:tag; *requirements* are the framework versions that the image has."""

    repository: str
    tag: str
    folder: Path  # has its training entry point and server
    requirements: tuple[str, ...]
    script_mode: bool = False  # whether AWS's toolkit runs the user's script in it
    nearest: tuple[str, ...] = ()  # used if *requirements* cannot be installed
    own: bool = False  # a custom image: its `train` and `serve` are executed, as in a container
    import_folders: tuple[Path, ...] = ()  # further folders that its program imports from

    @property
    def name(self) -> str:
        return f"{self.repository}:{self.tag}"

    @property
    def packages(self) -> Packages:
        """Return the packages of its environment."""
        return Packages(self.requirements, () if self.own else locked(self.name), self.nearest)

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

    def command(self, python: Path, verb: str, *, script: bool = False) -> list[str]:
        """Return the command that the container runs for `train` or `serve`.

        :param script: The model has a script, so AWS's toolkit serves a built-in algorithm too.
        """
        if self.own:
            return [str(self.folder / verb)]
        return [str(python), str((TOOLKIT_FOLDER if script else self.folder) / f"{verb}.py")]
