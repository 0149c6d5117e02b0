from __future__ import annotations

import asyncio
from pathlib import Path

from include.local_aws.containers.uv import output_of


def test_temporary_files_of_a_build_are_removed() -> None:
    folder = asyncio.run(output_of("mktemp", "--directory"))
    assert folder.startswith("/")
    assert not Path(folder).exists()
