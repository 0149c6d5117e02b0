"""The server's life: from an account in a folder to its last answered request."""

from __future__ import annotations

import asyncio

import uvicorn

from include.local_aws import account_builder
from include.local_aws.app import App
from include.local_aws.faults.front import Saboteur
from include.local_aws.moto_process import MotoProcess
from include.local_aws.moto_proxy import MotoProxy
from include.local_aws.options import Options


async def serve(options: Options, moto: MotoProcess) -> None:
    """Answer requests first, then take up what a crash interrupted: it needs our own S3."""
    aws = account_builder.build(options)
    config = uvicorn.Config(
        Saboteur(App(aws, MotoProxy(moto)), aws.faults),
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
        await account_builder.start(aws)
        print(f"The embedded AWS answers on {options.url}", flush=True)
    await serving
