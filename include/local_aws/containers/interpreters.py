"""Find the interpreter of an image's version of Python, as `uv python find` does."""

from __future__ import annotations

import sys

from .image import PYTHON
from .requirements import BuildFailed
from .uv import uv_output

_known: dict[str, str | None] = {}  # by version; an interpreter is searched once


async def interpreter(version: str) -> str | None:
    """Return an interpreter of *version*, such as 3.12; None if this machine has none.

    The one that runs the server is preferred, and that of the oldest images may be downloaded.
    """
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return sys.executable
    if version == PYTHON:
        return PYTHON
    if version not in _known:
        _known[version] = await _search(version)
    return _known[version]


async def _search(version: str) -> str | None:
    try:
        # uv warns of interpreters that it cannot start; the path is its last line.
        return (await uv_output("python", "find", "--no-python-downloads", version)).split("\n")[-1]
    except BuildFailed:
        return None
