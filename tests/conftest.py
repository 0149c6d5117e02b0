"""The order of the suite, its workers, its temporary files, and its garbage collection."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

import pytest

from include.local_aws.core.garbage import collect_seldom, spare_present_objects
from tests.cheap_clients import create_clients_cheaply
from tests.temporary_files import use_own_folder

LONG_TIMEOUT = 1200  # seconds; two such tests share the cores with other files
# Two threads of OpenBLAS or OpenMP spin while they wait for each other, on cores that others use.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Imports and collection allocate a lot and free little: the default threshold of 700 costs a fifth
# of their time.
collect_seldom()
create_clients_cheaply()
TEMPORARY = use_own_folder()
# For the embedded AWSs that tests start: what they serve is seldom the subject.
os.environ.setdefault("PRODML_IMAGES", str(Path(__file__).parent / "images"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--workers", type=int, default=1, metavar="N", help="run the tests of N files at a time"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Run several files at a time if asked to, and report the time of a long run by part."""
    from tests.durations import Durations
    from tests.workers import Workers

    config.pluginmanager.register(Workers(config.getoption("workers")))
    config.pluginmanager.register(Durations())


def pytest_unconfigure() -> None:
    """Remove the temporary files of all tests."""
    shutil.rmtree(TEMPORARY, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, and give each test of them more time."""
    from tests.scheduling import LONG

    home = Path(__file__).parent
    for item in items:
        if item.path.relative_to(home).parts[0] in LONG and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONG_TIMEOUT))
    items.sort(key=lambda item: item.path.relative_to(home).parts[0] not in LONG)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let workers share what forks processes, and spare them the walk over all that they import."""
    if session.config.getoption("workers") > 1:
        share_fork_servers()
    gc.collect()
    spare_present_objects()


def share_fork_servers() -> None:
    """Start the processes that fork others; each imports what its children use once it is asked."""
    from include.local_aws import testing
    from tests import preloaded
    from tests.include.jobs import programs

    testing.fork_server()
    programs.fork_server()
    preloaded.fork_server()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: a time inside them would differ between two runs."""
    return argname if isinstance(val, bytes) else None
