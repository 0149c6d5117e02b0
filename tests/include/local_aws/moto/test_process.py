from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from include.local_aws.core.options import Options
from include.local_aws.moto import process
from include.local_aws.moto.process import MotoProcess
from include.local_aws.testing import running_server
from tests.include.local_aws.moto.s3_client import PATH_STYLE


def test_moto_is_started_again_when_it_dies(tmp_path: Path) -> None:
    """S3 is available again within seconds, with all objects."""
    with running_server(tmp_path) as server:
        s3 = server.client("s3", s3=PATH_STYLE)
        s3.create_bucket(Bucket="kept")
        (moto,) = psutil.Process(server.process.pid).children()
        os.kill(moto.pid, signal.SIGKILL)
        assert eventually_listed(s3) == ["kept"]


def eventually_listed(s3: Any) -> list[str]:
    for _ in range(100):
        with contextlib.suppress(s3.exceptions.ClientError):
            return [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
        time.sleep(0.1)
    raise AssertionError("moto did not come back")


def test_process_that_ends_at_its_start_is_an_error(tmp_path: Path) -> None:
    """Its data folder is a file, so that it cannot start."""
    (tmp_path / "s3").write_text("not a folder")
    with (
        MotoProcess(Options(data_dir=tmp_path)) as moto,
        pytest.raises(RuntimeError, match="moto exited with code 1 while starting"),
    ):
        asyncio.run(moto.ready())


class Failing:
    """A child process that has ended."""

    returncode = 1

    def poll(self) -> int:
        return 1

    def wait(self) -> int:
        return 1

    def terminate(self) -> None:
        """Do nothing."""


def test_failed_start_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "RETRY_DELAY", 0.0)
    monkeypatch.setattr(MotoProcess, "launch", staticmethod(lambda *_: Failing()))

    async def run(moto: MotoProcess) -> None:
        running = asyncio.create_task(moto.keep_running())
        while moto.starts < 4 and not running.done():
            await asyncio.sleep(0.001)
        assert not running.done()
        running.cancel()

    with MotoProcess(Options(data_dir=tmp_path)) as moto:
        asyncio.run(asyncio.wait_for(run(moto), 10))


def test_process_ends_with_its_block(tmp_path: Path) -> None:
    others = psutil.Process().children()
    with MotoProcess(Options(data_dir=tmp_path)) as moto:
        asyncio.run(moto.ready())
        (child,) = (c for c in psutil.Process().children() if c not in others)
    assert not child.is_running()
