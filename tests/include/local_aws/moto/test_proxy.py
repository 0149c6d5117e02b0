from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import Any

import psutil

from include.local_aws.testing import running_server

PATH_STYLE = {"addressing_style": "path"}


def test_moto_is_started_again_when_it_dies(tmp_path: Path) -> None:
    """S3 is back within seconds, and with it everything that was put there."""
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


def test_large_body_is_streamed(tmp_path: Path) -> None:
    """The front door holds no whole object: its memory stays far below what passes through."""
    source, size = tmp_path / "large", 100 << 20
    with source.open("wb") as file:
        file.truncate(size)
    with running_server(tmp_path / "data") as server:
        s3 = server.client("s3", s3=PATH_STYLE)
        s3.create_bucket(Bucket="large")
        front = psutil.Process(server.process.pid)
        before = front.memory_info().rss
        with source.open("rb") as file:
            s3.put_object(Bucket="large", Key="k", Body=file)
        s3.download_file("large", "k", str(tmp_path / "back"))
        assert (tmp_path / "back").stat().st_size == size
        assert front.memory_info().rss - before < size / 2
