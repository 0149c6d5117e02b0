"""The command of a training container, and its environment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...containers.cpu_builds import pip_settings
from ...containers.environments import Environments, Log
from ...containers.image import FOLDER, Image
from ...containers.known_images import TOOLKIT
from ...containers.layers import INTERPRETER, variables
from ...containers.requirements import requirements_in
from ...containers.sandbox import toolchain
from ...core.store import Doc
from . import source

if TYPE_CHECKING:
    from ...core.account import Aws

PYARROW = "pyarrow==25.0.1"  # for Parquet with the built-in algorithm, installed only then


@dataclass(frozen=True)
class Entry:
    """A command with its environment."""

    argv: list[str]
    visible: tuple[Path, ...]
    environment: dict[str, str]
    python: Path  # interpreter of the image, over which each container gets a layer


async def training_entry(aws: Aws, image: Image, request: Doc, root: Path, log: Log) -> Entry:
    """Return the request's entry point, else AWS's toolkit for a script, else the image's `train`.

    *root* already contains the source archive: its requirements.txt selects the environment.
    """
    environments = aws.part(Environments)
    script = source.program(request.get("HyperParameters", {})) is not None
    extra = requirements_in(root / "code") if script or image.script_mode else ()
    if any("parquet" in c.get("ContentType", "") for c in request.get("InputDataConfig", [])):
        extra = (*extra, PYARROW)
    python = await environments.of(image, log, extra)
    visible = (*toolchain(python), image.folder, *image.script_folders)
    path = variables(python)
    specification = request["AlgorithmSpecification"]
    if own := specification.get("ContainerEntrypoint"):
        argv = [*own, *specification.get("ContainerArguments", [])]
        return Entry(argv, visible, path, python)
    if not script and not image.script_mode:
        return Entry(image.command(python, "train"), visible, path, python)
    toolkit = await environments.python(TOOLKIT, log)
    environment = {
        "SAGEMAKER_TRAINING_MODULE": "launcher:main",
        "PYTHONPATH": str(FOLDER / "toolkit"),
        "FRAMEWORK_PYTHON": str(INTERPRETER),
        **pip_settings(python),
    }
    argv = [str(toolkit), str(FOLDER / "toolkit" / "train.py")]
    visible = (*visible, FOLDER / "toolkit", *toolchain(toolkit))
    return Entry(argv, visible, environment, python)
