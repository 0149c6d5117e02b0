from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from include.local_aws import operations  # noqa: F401  (registers the operations)
from include.local_aws.account_builder import build
from include.local_aws.core.account import Aws
from include.local_aws.core.clock import ManualClock
from include.local_aws.core.options import Options
from include.local_aws.core.store import Doc
from tests.include.local_aws.sagemaker.monitoring.world import (
    NOON,
    World,
)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    clock = ManualClock(NOON + 60)
    aws = build(Options(data_dir=tmp_path), clock)
    world = World(aws, clock)

    def create(aws: Aws, request: Doc) -> Doc:
        job = request | {"ProcessingJobStatus": "InProgress", "ProcessingJobArn": "arn:job"}
        aws.store.insert("processing-job", request["ProcessingJobName"], job)
        world.jobs.append(job)
        return job

    where = "include.local_aws.sagemaker.monitoring.executions.create_processing_job"
    monkeypatch.setattr(where, create)
    yield world
    aws.store.close()
