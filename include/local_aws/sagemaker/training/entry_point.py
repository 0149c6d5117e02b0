"""What a training container executes, and what it may see to do so."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...containers.environments import Environments, Log
from ...containers.images import FOLDER, TOOLKIT, Image
from ...containers.requirements import requirements_in
from ...containers.sandbox import toolchain
from . import source

if TYPE_CHECKING:
    from ...core.account import Aws

Doc = dict[str, Any]
PYARROW = "pyarrow==25.0.1"  # what the built-in algorithm reads Parquet with; only then is it built


@dataclass(frozen=True)
class Entry:
    """A command with the environment that it needs."""

    argv: list[str]
    visible: tuple[Path, ...]
    environment: dict[str, str] = field(default_factory=dict)


async def training_entry(aws: Aws, image: Image, request: Doc, root: Path, log: Log) -> Entry:
    """The request's own entry point, else a script by AWS's toolkit, else the image's `train`.

    *root* holds the source archive already: its requirements.txt decides on the environment.
    """
    environments = aws.part(Environments)
    script = source.program(request.get("HyperParameters", {})) is not None
    extra = requirements_in(root / "code") if script or image.script_mode else ()
    if any("parquet" in c.get("ContentType", "") for c in request.get("InputDataConfig", [])):
        extra = (*extra, PYARROW)
    python = await environments.of(image, log, extra)
    visible = (*toolchain(python), image.folder)
    path = {"PATH": f"{python.parent}:/usr/local/bin:/usr/bin:/bin"}
    specification = request["AlgorithmSpecification"]
    if own := specification.get("ContainerEntrypoint"):
        return Entry([*own, *specification.get("ContainerArguments", [])], visible, path)
    if not script and not image.script_mode:
        return Entry(image.command(python, "train"), visible, path)
    toolkit = await environments.python(TOOLKIT, log)
    environment = {
        "SAGEMAKER_TRAINING_MODULE": "launcher:main",
        "PYTHONPATH": str(FOLDER / "toolkit"),
        "FRAMEWORK_PYTHON": str(python),
    }
    argv = [str(toolkit), str(FOLDER / "toolkit" / "train.py")]
    return Entry(argv, (*visible, FOLDER / "toolkit", toolkit.parents[1]), environment)
