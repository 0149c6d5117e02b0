from __future__ import annotations

from pathlib import Path

import psutil

from include.local_aws.testing import Server, running_server
from tests.include.local_aws.moto.s3_client import PATH_STYLE
from tests.include.local_aws.raw import request

SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, Signature=0"


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


def test_empty_object_is_continued_before_it_is_answered(local_aws_server: Server) -> None:
    """boto3 before 1.43.117 misreads the next response of a connection without it."""
    headers = {"Expect": "100-continue", "Authorization": SIGNED}
    assert request(local_aws_server, "PUT", "/prodml-local/_SUCCESS", headers).status == 100
