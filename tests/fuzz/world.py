"""The embedded AWS inside the process of the tests: without moto and without running jobs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Iterator, MutableMapping
from pathlib import Path
from typing import Any, TypeVar

from include.local_aws.accounts import Accounts
from include.local_aws.core.account import Aws
from include.local_aws.core.options import Options
from include.local_aws.moto.proxy import MotoProxy
from include.local_aws.sagemaker.endpoints.fleet import Fleet
from include.local_aws.sagemaker.jobs.runner import Job, JobRunner, Work
from include.local_aws.server import application
from include.local_aws.wire.errors import not_emulated
from tests.fuzz.http_request import Answer, Request

T = TypeVar("T")
PATIENCE = 10.0  # seconds for one request; more means that it hangs


class StillRunner(JobRunner):
    """Accepts jobs and runs none, as containers are not fuzzed."""

    def submit(self, kind: str, name: str, work: Work) -> Job:
        return Job(self._aws, kind, name)


class StillFleet(Fleet):
    """Accepts endpoints and deploys none."""

    def create(self, name: str) -> None:
        """Leave the endpoint as it was stored."""

    update = delete = create


class StillAccounts(Accounts):
    """Accounts in which only the loops run that read the store."""

    def _build(self, place: tuple[str, str]) -> Aws:
        aws = super()._build(place)
        aws.add(StillRunner(aws), JobRunner)
        aws.add(StillFleet(aws), Fleet)
        return aws


class NoMoto(MotoProxy):
    """Refuses requests for moto, which is fuzzed through the port of a real server."""

    def __init__(self) -> None:
        """Have no process to forward to."""

    async def start(self) -> None:
        """Have nothing to start."""

    async def stop(self) -> None:
        """Have nothing to stop."""

    async def problem(self) -> str | None:
        return None

    async def forward(self, scope: Any, receive: Any, send: Any, account: str) -> None:
        raise not_emulated("moto", scope["path"])


class Failures(logging.Handler):
    """Collects the errors in the server's log: a failed handler or loop."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record))


class World:
    """One app and the loop that it runs in; requests are handled one after the other."""

    def __init__(self, folder: Path, port: int) -> None:
        """Store state in *folder*; S3 is that of the server on *port*."""
        options = Options(data_dir=folder, port=port, time_scale=60)
        self._loop = asyncio.new_event_loop()
        self._accounts = StillAccounts(options)
        self._app = application(self._accounts, NoMoto(), options)
        self._events: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._answers: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self.failures = Failures()

    def call(self, request: Request) -> Answer:
        """Return the answer to *request*; raise TimeoutError without one."""
        return self._run(asyncio.wait_for(self._exchange(request), PATIENCE))

    def begin(self) -> None:
        scope = {"type": "lifespan"}
        app = self._app(scope, self._events.get, self._answers.put)
        self._lifespan = asyncio.ensure_future(app, loop=self._loop)
        self._turn("startup")
        self._run(self._accounts.start())

    def end(self) -> None:
        self._turn("shutdown")
        self._loop.close()

    def _turn(self, event: str) -> None:
        self._events.put_nowait({"type": f"lifespan.{event}"})
        self._run(self._answers.get())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    async def _exchange(self, request: Request) -> Answer:
        messages = [{"type": "http.request", "body": request.body}]
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return messages.pop() if messages else {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        await self._app(request.scope("127.0.0.1"), receive, send)
        start, *rest = sent or [{"status": 0, "headers": []}]
        headers = {n.decode(): v.decode("latin-1") for n, v in start["headers"]}
        return Answer(start["status"], headers, b"".join(m.get("body", b"") for m in rest))


@contextlib.contextmanager
def running_world(folder: Path, port: int) -> Iterator[World]:
    """Run an embedded AWS in this process until the block ends."""
    world = World(folder, port)
    logging.getLogger("include.local_aws").addHandler(world.failures)
    world.begin()
    try:
        yield world
    finally:
        world.end()
        logging.getLogger("include.local_aws").removeHandler(world.failures)
