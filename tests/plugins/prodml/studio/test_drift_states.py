"""The newest verdict of each model in production, in few calls."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.studio.drift_states import drift_states
from prodml.studio.reader import Reader

from tests.include.local_aws.models import Platform
from tests.plugins.prodml.studio import account


@pytest.fixture(scope="module")
def model(platform: Platform) -> str:
    """A model in production."""
    name = platform.unique("watched")
    (package,) = account.register(platform, name, {0.9: "Approved"})
    account.serve(platform, name, package)
    return name


def _judge(s3: Any, bucket: str, model: str, end: datetime, outcome: str) -> None:
    verdict = {"window_end": end.isoformat(), "outcome": outcome, "columns": ["minutes"]}
    key = f"states/{model}/drift/windows/{model}/{end:%Y%m%dT%H%M%SZ}.json"
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(verdict))


def test_the_newest_verdict_counts_however_old_it_is(s3: Any, bucket: str, model: str) -> None:
    root = f"s3://{bucket}/states"
    assert model not in {state["model"] for state in drift_states(Reader(Aws()), root)}
    _judge(s3, bucket, model, datetime(2024, 5, 6, 1, tzinfo=UTC), "ALERT")
    _judge(s3, bucket, model, datetime(2024, 5, 6, tzinfo=UTC), "OK")
    state = next(s for s in drift_states(Reader(Aws()), root) if s["model"] == model)
    assert (state["outcome"], state["alerting"]) == ("ALERT", ["minutes"])
    _judge(s3, bucket, model, datetime.now(UTC), "WARN")
    reader = Reader(Aws())
    for _ in range(3):  # three people have the page open
        state = next(s for s in drift_states(reader, root) if s["model"] == model)
    assert state["outcome"] == "WARN"
    assert reader.calls["s3:get_object"] == 1
