"""The duration of fuzzing: fixed examples as a test, FUZZ_SECONDS of new ones by `make fuzz`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, Phase, settings

from include.local_aws.testing import Server, running_server
from tests.fuzz.encodings import json_of
from tests.fuzz.http_request import Request
from tests.fuzz.strategies import IN_PROCESS, THROUGH_THE_PORT
from tests.fuzz.world import World, running_world
from tests.include.local_aws.requests import EXISTING

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
SHARE = SECONDS / len([*IN_PROCESS, *THROUGH_THE_PORT])  # seconds of each kind of request
COMMON: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": False,
    "database": None,
}
settings.register_profile(
    "ci", **COMMON, max_examples=60, derandomize=True, phases=[Phase.generate, Phase.shrink]
)
settings.register_profile("fuzz", **COMMON, max_examples=500)
settings.load_profile("fuzz" if SECONDS else "ci")


@pytest.fixture(scope="session")
def fuzz() -> Callable[[Callable[[], None]], None]:
    """Run a property over its examples, and over new ones while this kind's share lasts."""

    def run(check: Callable[[], None]) -> None:
        end = time.monotonic() + SHARE
        check()
        while time.monotonic() < end:
            check()

    return run


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("port"), time_scale=60) as server:
        server.client("s3", s3={"addressing_style": "path"}).create_bucket(Bucket="fuzz")
        yield server


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[World]:
    port = urlsplit(server.url).port or 0
    with running_world(tmp_path_factory.mktemp("world"), port) as world:
        for operation, document in EXISTING:
            headers = {"x-amz-target": f"SageMaker.{operation}"}
            assert world.call(Request("POST", "/", headers, json_of(document))).status == 200
        yield world
