from __future__ import annotations

from pathlib import Path

import psutil

from include.local_aws.testing import running_server
from tests.include.local_aws.moto.s3_client import PATH_STYLE


def test_large_body_is_streamed(tmp_path: Path) -> None:
    """The server never has a whole object in memory."""
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
