"""Environments that cannot be built say why, so that a job fails with the reason at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.requirements import BuildFailed


def test_uv_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRODML_UV", str(tmp_path / "uv"))
    building = Environments(tmp_path / "images").python(("numpy",), lambda line: None, ())
    with pytest.raises(BuildFailed, match=rf"not found at {tmp_path}/uv\. Run `make setup`"):
        asyncio.run(building)
