"""Services that answer, and that do not."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.preflight.services import check_services

from include.local_aws.core.processes import free_port
from include.local_aws.testing import REGION, connection_to
from tests.plugins.prodml.preflight.conftest import Checked

SERVICES = ("sagemaker", "logs", "cloudwatch", "application-autoscaling", "sagemaker-runtime")


def test_every_service_answers(server: Any, checked: Checked) -> None:
    assert checked(check_services) == {f"reach {name}": ("OK", server.url) for name in SERVICES}


def test_denial_is_an_answer(server: Any, checked: Checked) -> None:
    with server.faults({"operation": "ListEndpoints", "error": "AccessDeniedException"}):
        assert checked(check_services)["reach sagemaker"][0] == "OK"


def test_no_service_answers(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("AIRFLOW_CONN_CLOSED", connection_to(closed))
    once = {"retries": {"total_max_attempts": 1}}
    lines = checked(check_services, aws=Aws("closed", REGION, botocore_config=once))
    assert {state for state, _ in lines.values()} == {"WRONG"}
    assert set(lines) == {f"reach {name}" for name in SERVICES}
