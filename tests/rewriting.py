"""Let the workers divide the rewriting of asserts, which each of them would do for all files.

They collect the same files at the same time, so in a fresh clone none is cached when the next one
needs it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.assertion import rewrite


def rewrite_share(config: pytest.Config) -> None:
    """Rewrite this worker's share of the test files, and cache them where pytest reads them."""
    worker: dict[str, str] | None = getattr(config, "workerinput", None)
    if worker is None or sys.dont_write_bytecode:
        return
    number, workers = int(worker["workerid"].removeprefix("gw")), int(worker["workercount"])
    for file in sorted(_files(config))[number::workers]:
        _cache(file, config)


def _files(config: pytest.Config) -> Iterator[Path]:
    for argument in config.args:
        folder = config.invocation_params.dir / argument
        yield from folder.rglob("test_*.py")


def _cache(file: Path, config: pytest.Config) -> None:
    folder = rewrite.get_cache_dir(file)
    cached = folder / f"{file.stem}{rewrite.PYC_TAIL}"
    if rewrite._read_pyc(file, cached) is None and rewrite.try_makedirs(folder):
        source, code = rewrite._rewrite_test(file, config)
        rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, source, cached)
