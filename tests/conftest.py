"""The order of the suite, its workers, its temporary files, and its garbage collection."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cheap_clients import create_clients_cheaply
from tests.temporary_files import use_own_folder

LONG_TIMEOUT = 1200  # seconds; two such tests share the cores with other files
WORKERS = 3
# Two threads of OpenBLAS or OpenMP spin while they wait for each other, on cores that others use.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Imports and collection allocate a lot and free little: the default threshold of 700 costs a fifth
# of their time.
gc.set_threshold(50_000, 20, 20)
create_clients_cheaply()
# The process that starts the workers makes the folder that all of them use.
TEMPORARY = None if "PYTEST_XDIST_WORKER" in os.environ else use_own_folder()
# For the embedded AWSs that tests start: what they serve is seldom the subject.
os.environ.setdefault("PRODML_IMAGES", str(Path(__file__).parent / "images"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Start no more workers than files were named, and none for a single one."""
    files = {Path(argument.partition("::")[0]) for argument in config.args}
    if not all(file.is_file() for file in files):
        return WORKERS
    return min(WORKERS, len(files)) if len(files) > 1 else 0


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep each worker in one folder, as long as there are files in it."""
    from tests.scheduling import FolderScheduling

    return FolderScheduling(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_configure(config: pytest.Config) -> None:
    """Report the time of a long run by part, in the process that starts the workers."""
    from tests.durations import Durations

    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Durations())


def pytest_unconfigure() -> None:
    """Remove the temporary files of all tests."""
    if TEMPORARY:
        shutil.rmtree(TEMPORARY, ignore_errors=True)


def pytest_collection(session: pytest.Session) -> None:
    """Divide among the workers what each would do for all files."""
    from tests.rewriting import rewrite_share

    rewrite_share(session.config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, and give each test of them more time."""
    from tests.scheduling import LONG

    home = Path(__file__).parent
    for item in items:
        if item.path.relative_to(home).parts[0] in LONG and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONG_TIMEOUT))
    items.sort(key=lambda item: item.path.relative_to(home).parts[0] not in LONG)


def pytest_collection_finish() -> None:
    """Spare later collections of garbage the walk over all that was imported."""
    gc.collect()
    gc.freeze()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: a time inside them would differ between two workers."""
    return argname if isinstance(val, bytes) else None
