"""Environments that cannot be built report why; others work at their place."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.image import PYTHON, Packages
from include.local_aws.containers.requirements import BuildFailed
from tests.include.local_aws.containers.own_uv import use_as_uv


def test_uv_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRODML_UV", str(tmp_path / "uv"))
    building = Environments(tmp_path / "images").python(Packages(("numpy",)), print)
    with pytest.raises(BuildFailed, match=rf"not found at {tmp_path}/uv\. Run `make setup`"):
        asyncio.run(building)


def test_packages_are_replaced_for_good_only_if_others_can_be_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = tmp_path / "images"
    substitute = Packages(("iniconfig==2.1.0",))
    packages = Packages(("jinja2==3.1.6",), lock=("markupsafe==0.0.1",), instead=substitute)
    with monkeypatch.context() as patch:
        use_as_uv(tmp_path, patch, "echo no network >&2; exit 1\n")
        with pytest.raises(BuildFailed, match="no network"):
            asyncio.run(Environments(images).python(packages, print))
    assert not list(images.glob("*.instead"))
    python = asyncio.run(Environments(images).python(packages, print))
    subprocess.run([str(python), "-c", "import iniconfig"], check=True)
    assert len(list(images.glob("*.instead"))) == 1


def test_an_environment_has_the_images_version_of_python(tmp_path: Path) -> None:
    """Also if the server runs on a newer one, for which old frameworks have no wheels."""
    python = asyncio.run(Environments(tmp_path).python(Packages(()), print))
    version = subprocess.run([str(python), "-V"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith(f"Python {PYTHON}.")
