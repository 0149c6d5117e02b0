"""Packages that a container installs stay in its layer over the image's environment."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.image import PIP, Packages
from include.local_aws.containers.layers import LAYER, add_layer, search_path

INSTALLED = Packages(("pygments==2.19.2", PIP))


@pytest.fixture(scope="module", name="python")
def _python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    environments = Environments(tmp_path_factory.mktemp("environments"))
    return asyncio.run(environments.python(INSTALLED, print))


def output(*command: str | Path) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_layer_has_the_images_packages_and_the_installed_ones(
    python: Path, tmp_path: Path
) -> None:
    """A package of the image is not downloaded again."""
    add_layer(python, tmp_path)
    own = tmp_path / ".python" / "bin" / "python"
    printed = output(own, "-m", "pip", "install", "pygments", "iniconfig==2.1.0")
    assert "Requirement already satisfied: pygments" in printed
    files = "import iniconfig, pygments; print(iniconfig.__file__, pygments.__file__)"
    installed, inherited = output(own, "-c", files).split()
    assert Path(installed).is_relative_to(tmp_path)
    assert Path(inherited).is_relative_to(python.parents[1])
    assert subprocess.run([python, "-c", "import iniconfig"], capture_output=True).returncode


def test_programs_of_the_image_run_on_the_layer(python: Path, tmp_path: Path) -> None:
    add_layer(python, tmp_path)
    assert "Pygments version 2.19.2" in output(tmp_path / ".python" / "bin" / "pygmentize", "-V")
    assert str(tmp_path) in output(tmp_path / ".python" / "bin" / "pip", "config", "debug")


def test_further_folders_come_after_the_packages(python: Path, tmp_path: Path) -> None:
    folder = tmp_path / "scripts"
    for name in ("ours", "pygments"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").touch()
    add_layer(python, tmp_path, [folder])
    files = "import ours, pygments; print(ours.__file__, pygments.__file__)"
    ours, installed = output(tmp_path / ".python" / "bin" / "python", "-c", files).split()
    assert Path(ours).is_relative_to(folder)
    assert Path(installed).is_relative_to(python.parents[1])


def test_files_of_the_previous_container_are_removed(python: Path, tmp_path: Path) -> None:
    """A link in the layer's place is not followed."""
    other = tmp_path / "other"
    (other / "kept").mkdir(parents=True)
    (tmp_path / ".python").symlink_to(other)
    add_layer(python, tmp_path)
    add_layer(python, tmp_path)
    assert (other / "kept").is_dir()
    assert not (tmp_path / ".python").is_symlink()


def test_the_layers_programs_come_first(python: Path) -> None:
    first, second, *_ = search_path(python).split(":")
    assert (first, second) == (f"{LAYER}/bin", str(python.parent))
