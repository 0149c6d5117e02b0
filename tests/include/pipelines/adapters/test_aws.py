"""Task functions wait while AWS throttles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from include.pipelines.adapters.aws import client


class _Nothing:
    def stream(self, *_: Any) -> Iterator[bytes]:
        return iter([b""])


def test_what_passes_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server: ten real waits would take a minute."""
    waits: list[float] = []
    answers = iter([503] * 10 + [200])
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", "aws://key:secret@")
    monkeypatch.setattr("botocore.endpoint.time.sleep", waits.append)
    s3 = client("s3")
    s3.meta.events.register(
        "before-send.s3",
        lambda request, **_: AWSResponse(request.url, next(answers), {}, _Nothing()),
    )
    s3.put_object(Bucket="bucket", Key="key", Body=b"")
    assert len(waits) == 10
