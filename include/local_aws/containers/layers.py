"""A writable layer of a container over its image's environment, as on AWS.

The image's environment is shared and read only. The layer is a virtual environment with
all packages of the image, where `pip install` writes; it is deleted with the container.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from ..core.untrusted_files import remove_tree
from .cpu_builds import pip_settings

NAME = ".python"
LAYER = Path("/opt/ml") / NAME  # the path inside the container
INTERPRETER = LAYER / "bin" / "python"
# The image's packages come after those of the layer; their .pth files are executed as well.
PACKAGES = "import site; site.addsitedir({!r})\n"


def search_path(python: Path) -> str:
    """Return the PATH of a container: programs of its layer before those of its image."""
    return f"{LAYER}/bin:{python.parent}:/usr/local/bin:/usr/bin:/bin"


def variables(python: Path) -> dict[str, str]:
    """Return the variables with which a container finds its programs, and pip its limits."""
    return {"PATH": search_path(python), **pip_settings(python)}


def add_layer(python: Path, root: Path, folders: Iterable[Path] = ()) -> None:
    """Create an empty layer over the environment of *python* in *root*, the container's /opt/ml.

    :param folders: Further folders to import from, after all installed packages.
    """
    image, layer = python.parents[1], root / NAME
    if layer.is_symlink():  # left by the previous container
        layer.unlink()
    remove_tree(layer)
    (layer / "bin").mkdir(parents=True)
    shutil.copyfile(image / "pyvenv.cfg", layer / "pyvenv.cfg")
    for program in (image / "bin").iterdir():
        _add_program(program, layer / "bin" / program.name)
    (packages,) = image.glob("lib/python3*/site-packages")
    own = layer / packages.relative_to(image)
    own.mkdir(parents=True)
    (own / "_image.pth").write_text(
        PACKAGES.format(str(packages)) + "".join(f"{folder}\n" for folder in folders)
    )


def _add_program(program: Path, copy: Path) -> None:
    """Copy a script into the layer: it then runs the interpreter of its folder."""
    if program.is_symlink():
        copy.symlink_to(os.readlink(program))
    elif os.access(program, os.X_OK):
        shutil.copy(program, copy)
