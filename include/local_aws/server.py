"""The server's life: from an account in a folder to its last answered request."""

from __future__ import annotations

import asyncio

import uvicorn

from .accounts import Accounts
from .app import App
from .core.options import Options
from .faults.injector import FaultInjector
from .moto.process import MotoProcess
from .moto.proxy import MotoProxy
from .origins import OriginGuard


async def serve(options: Options, moto: MotoProcess) -> None:
    """Answer requests first, then take up what a crash interrupted: it needs our own S3."""
    accounts = Accounts(options)
    app = FaultInjector(App(accounts, MotoProxy(moto)), accounts.faults)
    config = uvicorn.Config(
        OriginGuard(app, options),
        host=options.host,
        port=options.port,
        log_level="warning",
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=5,
        timeout_keep_alive=75,  # an idle connection that is closed as it is used again loses a call
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    if server.started:
        await accounts.start()
        print(f"The embedded AWS answers on {options.url}", flush=True)
    await serving
