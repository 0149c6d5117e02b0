from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.runtime.connections import Response
from include.local_aws.sagemaker.runtime.observations import Observations


class Kept:
    """Replaces the recorder and the capture."""

    def __init__(self) -> None:
        self.recorded: list[Any] = []
        self.noted: list[Any] = []
        self.containers: list[Any] = []

    def record(self, *given: Any) -> None:
        self.recorded.append(given)

    def record_containers(self, *given: Any) -> None:
        self.containers.append(given)

    def note(self, *given: Any) -> None:
        self.noted.append(given)


@pytest.mark.parametrize(
    ("status", "recorded", "captured"), [(200, 200, 1), (299, 299, 1), (400, 400, 0), (0, 500, 0)]
)
def test_every_answer_is_counted_and_good_ones_are_captured(
    aws: Aws, status: int, recorded: int, captured: int
) -> None:
    observations, kept = Observations(aws), Kept()
    observations.recorder = observations.capture = kept  # type: ignore[assignment]
    deployment = SimpleNamespace(config="c-1", capture="plan", shadows={})
    variant: Any = SimpleNamespace(name="Blue", instances=["a", "b"], deployment=deployment)
    steps = (("container-1", 0.1),)
    response = Response(status, [], b"1", seconds=steps)
    observations.record("churn", variant, ({}, b"1"), response, 0.1, 0.2)
    assert kept.recorded == [(("churn", "Blue", "c-1"), recorded, 2, 0.1, 0.2)]
    assert kept.containers == [(("churn", "Blue", "c-1"), steps)]
    assert len(kept.noted) == captured
