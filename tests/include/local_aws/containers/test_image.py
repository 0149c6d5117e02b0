"""The programs that an image's containers run."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.local_aws.containers.image import FOLDER, TOOLKIT_FOLDER, Image, Packages
from include.local_aws.containers.images import image_for

PYTHON = Path("python")


@pytest.mark.parametrize(
    ("verb", "script", "folder"),
    [
        ("serve", False, FOLDER / "xgboost"),
        ("serve", True, TOOLKIT_FOLDER),
        ("train", False, FOLDER / "xgboost"),
    ],
)
def test_toolkit_serves_a_script_of_a_built_in_algorithm(
    verb: str, script: bool, folder: Path
) -> None:
    image = image_for("sagemaker-xgboost:3.0-5")
    assert image.command(PYTHON, verb, script=script) == ["python", str(folder / f"{verb}.py")]


def test_custom_image_runs_its_own_program(tmp_path: Path) -> None:
    image = Image("mine", "1", tmp_path, Packages(()), own=True)
    assert image.command(PYTHON, "serve", script=True) == [str(tmp_path / "serve")]


def test_image_for_gpus_says_that_it_runs_on_cpus(tmp_path: Path) -> None:
    packages = Packages(())
    image = Image("mine", "2.6.0-gpu-py312", tmp_path, packages)
    assert image.differences(packages) == [
        f"{image.name} runs on CPUs, with PyTorch's build for them."
    ]
    assert Image("mine", "2.6.0-cpu-py312", tmp_path, packages).differences(packages) == []


@pytest.mark.parametrize(("own", "name"), [(True, "process"), (False, "process.py")])
def test_image_that_cannot_process_has_no_command_for_it(
    own: bool, name: str, tmp_path: Path
) -> None:
    image = Image("mine", "1", tmp_path, Packages(()), own=own)
    assert image.processing_command == []
    (tmp_path / name).touch()
    assert image.processing_command[-1] == str(tmp_path / name)
