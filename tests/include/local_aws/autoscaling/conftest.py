from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from include.local_aws import operations  # noqa: F401  (registers the handlers)
from include.local_aws.account_builder import build
from include.local_aws.core.clock import ManualClock
from include.local_aws.core.options import Options
from include.local_aws.sagemaker.endpoints.fleet import Fleet
from tests.include.local_aws.autoscaling.world import START, CountedFleet, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = ManualClock(START)
    aws = build(Options(data_dir=tmp_path), clock)
    aws.add(CountedFleet(aws), Fleet)
    yield World(aws, clock)
    aws.store.close()
