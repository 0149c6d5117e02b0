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
