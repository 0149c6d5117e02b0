from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from include.local_aws.containers.model_servers import container_names, start_servers
from include.local_aws.core.account import Aws
from include.local_aws.core.clock import Clock
from include.local_aws.core.options import Options
from include.local_aws.core.store import Store
from include.local_aws.wire.errors import AwsError


def test_unnamed_containers_are_numbered() -> None:
    assert container_names([{"ContainerHostname": "alone"}]) == ["primary"]
    assert container_names([{}, {"ContainerHostname": "scores"}, {}]) == [
        "container-1",
        "scores",
        "container-3",
    ]


def test_unknown_image_of_one_container_starts_none(tmp_path: Path) -> None:
    aws = Aws(Options(data_dir=tmp_path), Clock(1), Store(":memory:"), None)
    containers = [{"Image": "nowhere/nothing:1"}, {"Image": "nowhere/nothing:2"}]
    with pytest.raises(AwsError, match="nowhere/nothing:1"):
        asyncio.run(start_servers(aws, containers, tmp_path, lambda name, line: None))
