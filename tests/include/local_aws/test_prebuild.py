"""Environments that are built ahead of their first use."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from include.local_aws import prebuild
from include.local_aws.containers.environments import Environments
from include.local_aws.containers.image import Packages
from include.local_aws.containers.known_images import TOOLKIT
from tests.root import ROOT


def test_large_frameworks_are_skipped() -> None:
    names = [image.name for image in prebuild.small()]
    assert any(name.startswith("sagemaker-xgboost:") for name in names)
    assert any(name.startswith("sagemaker-scikit-learn:") for name in names)
    assert [name for name in names if "torch" in name or "tensorflow" in name] == []


def test_the_toolkit_is_built_with_the_images(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    built: list[Packages] = []

    async def python(
        self: Environments, packages: Packages, log: object, extra: object = ()
    ) -> Path:
        built.append(packages)
        return tmp_path / "bin" / "python"

    monkeypatch.setattr(Environments, "python", python)
    images = prebuild.small()
    asyncio.run(prebuild.build(images, tmp_path))
    assert built == [*(image.packages for image in images), TOOLKIT]


def test_an_unknown_image_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "include.local_aws.prebuild", "xgboost:0", "--cache-dir", tmp_path],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "sagemaker-xgboost:3.0-5" in done.stderr
