from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from include.local_aws.containers.requirements import CommandFailed
from include.local_aws.containers.uv import output_of


def test_temporary_files_of_a_build_are_removed() -> None:
    folder = asyncio.run(output_of("mktemp", "--directory"))
    assert folder.startswith("/")
    assert not Path(folder).exists()


def test_a_command_that_fails_is_named_with_its_output() -> None:
    with pytest.raises(CommandFailed) as refused:
        asyncio.run(output_of("sh", "-c", "echo no wheel; exit 2"))
    assert str(refused.value) == "sh -c echo no wheel; exit 2 failed: no wheel"
    assert refused.value.output == "no wheel"
