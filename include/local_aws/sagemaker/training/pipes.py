"""Pipe mode: the objects of a channel, streamed through one FIFO for each epoch.

The FIFO `<channel>_0` exists when the container starts. Once a reader has opened one, the FIFO of
the next epoch is there; a FIFO that was read to its end is removed.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import itertools
import os
import random
import select
import stat
import threading
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

from ...core.s3_files import BAD_INPUT, CHUNK
from ...core.store import Doc
from ...core.untrusted_files import Folder
from ..jobs.channels import assigned, download_failure, is_pipe
from ..jobs.cluster import Host
from ..jobs.runner import JobFailed

POLL = 0.02  # seconds between two attempts to open a FIFO
OPEN = os.O_WRONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
DATA = "input/data"


@contextlib.asynccontextmanager
async def streamed(s3: Any, request: Doc, hosts: list[Host]) -> AsyncIterator[None]:
    """Stream the Pipe channels of *request* to each of *hosts* meanwhile.

    :raises JobFailed: A channel has no object, or one could not be read.
    """
    mode = request["AlgorithmSpecification"].get("TrainingInputMode", "File")
    channels = [c for c in request.get("InputDataConfig", []) if is_pipe(c, mode)]
    pipes: list[Pipe] = []
    try:
        for channel, host in itertools.product(channels, hosts):
            pipes.append(await asyncio.to_thread(Pipe, s3, channel, host, len(hosts)))
            pipes[-1].start()
        yield
    finally:
        for pipe in pipes:
            await asyncio.to_thread(pipe.stop)
    for pipe in pipes:
        if pipe.failure:
            raise JobFailed(pipe.failure)


class Pipe:
    """A channel on one instance, fed by a thread of its own until it is stopped."""

    def __init__(self, s3: Any, channel: Doc, host: Host, count: int) -> None:
        self.failure: str | None = None
        self._s3 = s3
        self._name = channel["ChannelName"]
        self._is_gzip = channel.get("CompressionType", "None") == "Gzip"
        self._seed = channel.get("ShuffleConfig", {}).get("Seed")
        source = channel["DataSource"]["S3DataSource"]
        self._objects = assigned(s3, source, self._name, host, count)
        self._stopped = threading.Event()
        with Folder.at(host.root) as root:
            self._folder = root.folder(DATA, create=True)
        self._make(0)
        self._thread = threading.Thread(target=self._feed, name=f"pipe {self._name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()
        self._folder.close()

    def _make(self, epoch: int) -> None:
        with contextlib.suppress(FileExistsError):
            os.mkfifo(f"{self._name}_{epoch}", 0o644, dir_fd=self._folder.descriptor)

    def _feed(self) -> None:
        """Feed one epoch after the other, until the job ends."""
        epoch = 0
        try:
            while (writer := self._opened(epoch)) is not None:
                self._make(epoch + 1)
                with contextlib.suppress(BrokenPipeError):  # a reader may end an epoch early
                    self._write(writer, epoch)
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(f"{self._name}_{epoch}", dir_fd=self._folder.descriptor)
                epoch += 1
        except (*BAD_INPUT, OSError, zlib.error) as error:
            self.failure = download_failure(self._name, error)

    def _opened(self, epoch: int) -> int | None:
        """Return the FIFO of *epoch*, once it has a reader; None if the job ended before."""
        while not self._stopped.wait(POLL):
            try:
                name = f"{self._name}_{epoch}"
                writer = os.open(name, OPEN, dir_fd=self._folder.descriptor)
            except OSError as error:
                if error.errno == errno.ENXIO:
                    continue
                return None  # the job removed or replaced it
            if stat.S_ISFIFO(os.fstat(writer).st_mode):
                return writer
            os.close(writer)
            return None
        return None

    def _write(self, writer: int, epoch: int) -> None:
        try:
            for part in self._content(epoch):
                rest = memoryview(part)
                while rest and not self._stopped.is_set():
                    if select.select([], [writer], [], 10 * POLL)[1]:
                        rest = rest[os.write(writer, rest) :]
        finally:
            os.close(writer)

    def _content(self, epoch: int) -> Iterator[bytes]:
        """Yield the objects in parts, in an order of the epoch's own where it asks for that."""
        order = list(self._objects)
        if self._seed is not None:
            random.Random(self._seed + epoch).shuffle(order)
        for found in order:
            body = self._s3.get_object(Bucket=found.bucket, Key=found.key)["Body"]
            with contextlib.closing(body):
                parts = body.iter_chunks(CHUNK)
                yield from _unzipped(parts) if self._is_gzip else parts


def _unzipped(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the content of a gzip file, which may have several members."""
    member = zlib.decompressobj(wbits=31)
    for part in parts:
        rest = part
        while rest:
            yield member.decompress(rest)
            rest = member.unused_data
            if member.eof:
                member = zlib.decompressobj(wbits=31)
