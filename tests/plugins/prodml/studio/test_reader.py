"""Cache what AWS returns, count the calls, and refuse those that change anything."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.studio.problems import problem_of
from prodml.studio.reader import MINUTE, Reader

from include.local_aws.testing import Server


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_response_is_read_again_once_it_is_too_old(sagemaker: Any) -> None:
    clock = Clock()
    reader = Reader(Aws(), clock)
    for clock.now in (0.0, MINUTE - 1, MINUTE + 1):
        assert "Endpoints" in reader.read("sagemaker", "list_endpoints")
    reader.read("sagemaker", "list_endpoints", NameContains="other")
    assert reader.calls == {"sagemaker:list_endpoints": 3}


def test_pages_that_are_loaded_together_cause_one_call(server: Server) -> None:
    reader, together = Reader(Aws()), threading.Barrier(4)

    def load() -> None:
        together.wait()
        reader.read("sagemaker", "list_models")

    slow = {"operation": "ListModels", "delay_ms": 200}
    with server.faults(slow), ThreadPoolExecutor(4) as pool:
        for loading in [pool.submit(load) for _ in range(4)]:
            loading.result()
    assert reader.calls.total() == 1


def test_a_failure_is_not_cached_and_names_its_remedy(server: Server) -> None:
    reader = Reader(Aws())
    denied = {"operation": "ListModels", "error": "AccessDeniedException", "status": 400}
    with server.faults(denied), pytest.raises(Exception, match="AccessDenied") as raised:
        reader.read("sagemaker", "list_models")
    problem = problem_of(raised.value)
    assert problem
    assert problem["remedy"].startswith("Allow this call to the role")
    assert "Models" in reader.read("sagemaker", "list_models")


def test_a_reader_keeps_no_lock_of_a_request_that_has_ended(server: Server) -> None:
    reader = Reader(Aws())
    denied = {"operation": "ListModels", "error": "AccessDeniedException", "status": 400}
    with server.faults(denied), pytest.raises(Exception, match="AccessDenied"):
        reader.read("sagemaker", "list_models")
    for _ in range(2):  # the second one finds the response
        reader.read("sagemaker", "list_endpoints")
    assert reader._asking == {}


def test_a_call_that_changes_aws_is_refused() -> None:
    with pytest.raises(ValueError, match="delete_endpoint changes AWS"):
        Reader(Aws()).read("sagemaker", "delete_endpoint", EndpointName="churn")
