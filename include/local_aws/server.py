"""Start the server, serve requests, and stop it."""

from __future__ import annotations

import asyncio
import socket

import uvicorn

from .accounts import Accounts
from .apigateway.execution.router import DeployedApis
from .app import App
from .connections import BACKLOG, BoundedProtocol
from .core.garbage import spare_present_objects
from .core.options import Options
from .faults.injector import FaultInjector
from .guarding import guarded
from .iam.sessions import Sessions
from .moto.process import MotoProcess
from .moto.proxy import MotoProxy
from .origins import OriginGuard
from .request_limits import RequestLimits
from .wire import http


def application(
    accounts: Accounts, moto: MotoProxy, options: Options, sessions: Sessions | None = None
) -> http.App:
    """Return the application: the router, and the layers in front of it."""
    app: http.App = FaultInjector(App(accounts, moto), accounts.faults)
    if sessions:
        app = guarded(app, options, sessions, accounts, moto)
    apis = DeployedApis(app, accounts.all)
    return OriginGuard(RequestLimits(apis), options, apis.shares_with)


async def serve(options: Options, moto: MotoProcess) -> None:
    """Serve requests, then resume work after a crash, which needs the server's own S3."""
    listening = _listening(options)
    sessions = None if options.iam == "off" else Sessions(options.data_dir, moto.key)
    accounts = Accounts(options, sessions)
    config = uvicorn.Config(
        application(accounts, MotoProxy(moto), options, sessions),
        log_level="warning",
        access_log=False,
        lifespan="on",
        http=BoundedProtocol,
        ws="none",
        backlog=BACKLOG,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=75,  # a request is lost if its idle connection is closed at that moment
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    if server.started:
        listening.listen(socket.SOMAXCONN)  # the kernel's queue may be longer than BACKLOG
        await accounts.start()
        spare_present_objects()
        print(f"The embedded AWS is listening on {options.url}", flush=True)
    await serving


def _listening(options: Options) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        listening = socket.create_server(
            (options.host, options.port), family=family, backlog=BACKLOG
        )
    except OSError as error:
        raise SystemExit(
            f"Cannot listen on port {options.port} of {options.host}: {error.strerror}. "
            "Stop the program that uses it, or choose another port with --port."
        ) from None
    # Connections inherit it; asyncio sets it only for sockets that it has made itself. Without it
    # the body of a response waits up to 40 ms for the client to acknowledge its head.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
