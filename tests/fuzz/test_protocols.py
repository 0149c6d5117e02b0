"""Requests of every protocol, valid and broken, handled inside this process."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, note

from tests.fuzz.http_request import Request
from tests.fuzz.properties import problem
from tests.fuzz.strategies import IN_PROCESS, signature
from tests.fuzz.world import World

URL = "http://127.0.0.1:4566"  # of a server that `python -m include.local_aws` starts
SIGNED = {"authorization": signature("test", "us-east-1", "sagemaker")}
LIST_MODELS = Request(
    "POST", "/", {**SIGNED, "x-amz-target": "SageMaker.ListModels"}, b"{}", "sagemaker"
)
HEALTH = Request("GET", "/_local/health")
CLEAR = Request("DELETE", "/_local/faults")
PROMPT = 1.0  # seconds for an ordinary request after a broken one
Fuzz = Callable[[Callable[[], None]], None]


@pytest.mark.parametrize("kind", IN_PROCESS)
def test_no_request_breaks_the_server(world: World, fuzz: Fuzz, kind: str) -> None:
    """Each is answered or refused as modelled; an ordinary one then succeeds at once."""

    @given(IN_PROCESS[kind])
    def check(request: Request) -> None:
        note(f"Repeat it with:\n{request.command(URL)}")
        answer = world.call(request)
        assert problem(request, answer) is None
        world.call(CLEAR)
        began = time.monotonic()
        assert world.call(LIST_MODELS).status == 200
        assert time.monotonic() - began < PROMPT
        failures, world.failures.lines = world.failures.lines, []
        assert failures == []

    fuzz(check)
    assert world.call(HEALTH).status == 200
