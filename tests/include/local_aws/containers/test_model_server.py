"""The process of a model, without an endpoint in front of it."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.model_data import ServerFailed
from include.local_aws.containers.model_server import start_server
from include.local_aws.core.account import Aws
from include.local_aws.core.clock import Clock
from include.local_aws.core.options import Options
from include.local_aws.core.store import Store
from tests.include.local_aws.jobs import XGBOOST
from tests.include.local_aws.models import ROLE, Platform, variant

SERVE = """#!/usr/bin/env python3
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

HTTPServer(("127.0.0.1", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Handler).serve_forever()
"""


@pytest.fixture(name="aws")
def _aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """Return an account with the images `mine`, which serves, and `broken`, which exits."""
    for name, program in (("mine", SERVE), ("broken", "#!/bin/sh\nexit 3\n")):
        serve = tmp_path / "own" / name / "serve"
        serve.parent.mkdir(parents=True)
        serve.write_text(program)
        serve.chmod(0o755)
    monkeypatch.setenv("PRODML_IMAGES", str(tmp_path / "own"))
    store = Store(":memory:")
    aws = Aws(Options(data_dir=tmp_path), Clock(1), store, None)
    aws.add(Environments(tmp_path / "environments"))
    yield aws
    store.close()


def test_its_port_answers_every_program_until_it_ends(aws: Aws, tmp_path: Path) -> None:
    async def check() -> str:
        server = await start_server(aws, {"Image": "mine:1"}, tmp_path / "instance", print)
        try:
            await server.ready(30)
            request = urllib.request.Request(server.url, headers={"Origin": "http://evil.example"})
            with await asyncio.to_thread(urllib.request.urlopen, request, timeout=10) as answer:
                assert answer.status == 200
        finally:
            await server.stop(5)
        return server.url

    url = asyncio.run(check())
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url, timeout=5)
    assert not (tmp_path / "instance").exists()


def test_a_process_that_exits_has_its_code_in_the_error(aws: Aws, tmp_path: Path) -> None:
    async def check() -> None:
        server = await start_server(aws, {"Image": "broken:1"}, tmp_path / "instance", print)
        try:
            await server.ready(30)
        finally:
            await server.stop(1)

    with pytest.raises(ServerFailed, match="exited with code 3"):
        asyncio.run(check())


def test_a_server_that_is_isolated_cannot_fetch_its_code(aws: Aws, tmp_path: Path) -> None:
    submitted = {"SAGEMAKER_SUBMIT_DIRECTORY": "s3://b/code.tar.gz"}
    container = {"Image": "mine:1", "Environment": submitted, "EnableNetworkIsolation": True}
    with pytest.raises(ServerFailed, match=r"cannot fetch s3://b/code\.tar\.gz"):
        asyncio.run(start_server(aws, container, tmp_path / "instance", print))


def test_script_of_a_built_in_algorithm_serves_its_model(platform: Platform) -> None:
    """Only if SAGEMAKER_PROGRAM names it, as in AWS's container."""
    script = """
def model_fn(model_dir):
    return "mine"

def transform_fn(model, data, content_type, accept):
    return f"{model} {data}", "text/csv"
"""
    container = platform.container(script)
    scripted = {**container, "Image": XGBOOST, "Environment": {"SAGEMAKER_PROGRAM": "inference.py"}}
    name = platform.unique("scripted")
    platform.sagemaker.create_model(
        ModelName=name, PrimaryContainer=scripted, ExecutionRoleArn=ROLE
    )
    assert platform.invoke(platform.serving(variant(name)), "1,2") == "mine 1,2"
