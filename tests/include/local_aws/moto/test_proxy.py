from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from include.local_aws.core.processes import free_port
from include.local_aws.moto.proxy import MotoProxy
from include.local_aws.testing import Server, running_server
from include.local_aws.wire.errors import AwsError
from include.local_aws.wire.http import Disconnected
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


class Moto:
    """Replaces the process: a port, behind which something listens or nothing."""

    key, starts = "key", 1

    def __init__(self, port: int) -> None:
        self.port = port

    async def ready(self) -> None:
        """Return at once."""

    async def keep_running(self) -> None:
        """Return at once."""


def with_proxy(port: int, work: Callable[[MotoProxy], Awaitable[None]]) -> None:
    async def run() -> None:
        proxy = MotoProxy(Moto(port))  # type: ignore[arg-type]
        await proxy.start()
        try:
            await work(proxy)
        finally:
            await proxy.stop()

    asyncio.run(asyncio.wait_for(run(), 10))


def put(**headers: str) -> dict[str, Any]:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"method": "PUT", "raw_path": b"/a/b", "query_string": b"", "headers": sent}


def test_moto_that_is_gone_is_unavailable() -> None:
    """Clients retry such errors, and it has restarted by then."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def work(proxy: MotoProxy) -> None:
        assert "moto does not answer" in (await proxy.problem() or "")
        with pytest.raises(AwsError, match="Reading IAM's state could not be done") as refused:
            await proxy.identities("000000000000")
        assert refused.value.status == 503
        await proxy.forward(put(), None, send, "000000000000")
        assert (sent[0]["status"], b"<Code>ServiceUnavailable<" in sent[1]["body"]) == (503, True)

    with_proxy(free_port(), work)


def test_upload_that_is_cut_off_never_ends_at_moto() -> None:
    """Else moto would store a part of an object as the whole."""
    parts = [{"type": "http.request", "body": b"part", "more_body": True}]
    arrived: asyncio.Queue[bytes] = asyncio.Queue()

    async def receive() -> Any:
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.put_nowait(await reader.read())
        writer.close()

    async def work(proxy: MotoProxy) -> None:
        async with await asyncio.start_server(listen, "127.0.0.1", proxy._moto.port):
            with pytest.raises(Disconnected):
                await proxy.forward(put(transfer_encoding="chunked"), receive, None, "0" * 12)
            request = await arrived.get()
        assert b"part" in request
        assert not request.endswith(b"0\r\n\r\n")

    with_proxy(free_port(), work)
