"""Serve a task's report to the people who may see its results, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import HTTPException, Response
from prodml.aws.client import Aws
from prodml.ui import reports

from include.local_aws.testing import Server

TASK = ("pipeline", "manual", "check", -1)
Pushed = Callable[[str | None], None]


@pytest.fixture
def pushed(monkeypatch: pytest.MonkeyPatch) -> Pushed:
    """Let the database hold the address of a report; this process has no database."""

    def push(uri: str | None) -> None:
        source = {"uri": uri, **Aws().arguments()} if uri else None
        monkeypatch.setattr(reports, "_source", lambda *task: source if task == TASK else None)

    return push


def shown() -> Response:
    return asyncio.run(reports.report(*TASK))


def test_the_page_may_run_nothing_and_load_nothing(pushed: Pushed, s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="ui/report.html", Body="<p>Größe".encode())
    pushed(f"s3://{bucket}/ui/report.html")
    answer = shown()
    assert bytes(answer.body).decode() == "<p>Größe"
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox"} <= set(policy)


@pytest.mark.parametrize("uri", [None, "s3://{bucket}/ui/gone.html", "s3://{bucket}-gone/x.html"])
def test_a_task_that_left_no_report_is_named(uri: str | None, pushed: Pushed, bucket: str) -> None:
    pushed(uri and uri.format(bucket=bucket))
    with pytest.raises(HTTPException, match="Task check has no report yet") as raised:
        shown()
    assert raised.value.status_code == 404


def test_s3_that_may_not_be_read_is_not_called_an_absent_report(
    pushed: Pushed, server: Server, bucket: str
) -> None:
    pushed(f"s3://{bucket}/ui/report.html")
    denied = {"operation": "GetObject", "error": "AccessDenied", "status": 403}
    with server.faults(denied):
        answer = shown()
    assert answer.status_code == 502
    assert b"AccessDenied" in answer.body
