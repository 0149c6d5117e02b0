"""The state of inference components through a crash of the server."""

from __future__ import annotations

import itertools
from pathlib import Path

from include.local_aws.testing import running_server
from tests.include.local_aws.models import Platform
from tests.include.local_aws.sagemaker.components.conftest import Board, specification


def test_components_and_an_update_survive_a_kill(tmp_path: Path) -> None:
    with running_server(tmp_path, time_scale=60) as server:
        numbers = itertools.count()
        platform = Platform(server, lambda stem: f"{stem}-{next(numbers)}")
        board = Board(platform)
        endpoint = board.endpoint(InstanceType="ml.m5.xlarge")
        updated = board.serving(endpoint, "old")
        silent = board.serving(endpoint, "second")
        board.scale(silent, 0)
        platform.sagemaker.update_inference_component(
            InferenceComponentName=updated, Specification=specification(platform.model(name="new"))
        )
        server.kill()
    with running_server(tmp_path, time_scale=60) as server:
        board = Board(Platform(server, lambda stem: f"{stem}-{next(numbers)}"))
        assert board.settled(updated)["InferenceComponentStatus"] == "InService"
        answer = board.platform.invoke(endpoint, "name", InferenceComponentName=updated)
        assert answer == "new"
        none = {"DesiredCopyCount": 0, "CurrentCopyCount": 0}
        assert board.describe(silent)["RuntimeConfig"] == none
