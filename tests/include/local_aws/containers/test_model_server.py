"""The process of a model, without an endpoint in front of it."""

from __future__ import annotations

import asyncio
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.model_data import ServerFailed
from include.local_aws.containers.model_server import start_server
from include.local_aws.containers.requirements import BuildFailed
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
    mute = SERVE.replace("self.send_response(200)", "self.send_response(503)")
    programs = {"mine": SERVE, "broken": "#!/bin/sh\nexit 3\n", "mute": mute}
    for name, program in programs.items():
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


def test_a_server_that_does_not_get_healthy_has_the_reason(aws: Aws, tmp_path: Path) -> None:
    async def check(image: str, patience: float) -> str:
        server = await start_server(aws, {"Image": image}, tmp_path / "instance", print)
        try:
            with pytest.raises(ServerFailed) as failed:
                await server.ready(patience)
        finally:
            await server.stop(1)
        return str(failed.value)

    assert "exited with code 3" in asyncio.run(check("broken:1", 30))
    assert "/ping did not answer 200 within" in asyncio.run(check("mute:1", 0.5))


def test_a_server_that_cannot_be_built_or_started_is_the_models_failure(
    aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def built(*_: object) -> Path:
        return Path(sys.executable)

    monkeypatch.setattr(aws.part(Environments), "of", built)
    container = {"Image": "mine:1", "Environment": {"A": "\0"}}
    with pytest.raises(ServerFailed, match="'A' has a NUL character"):
        asyncio.run(start_server(aws, container, tmp_path / "one", print))

    async def fail(*_: object) -> Path:
        raise BuildFailed("ClientError: no version of lightning")

    monkeypatch.setattr(aws.part(Environments), "of", fail)
    with pytest.raises(ServerFailed, match="no version of lightning"):
        asyncio.run(start_server(aws, {"Image": "mine:1"}, tmp_path / "two", print))


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
