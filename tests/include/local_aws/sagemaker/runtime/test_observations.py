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
        self.setups: list[Any] = []

    def record(self, *given: Any) -> None:
        self.recorded.append(given)

    def record_setup(self, *given: Any) -> None:
        self.setups.append(given)

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
    variant: Any = SimpleNamespace(
        component="", name="Blue", instances=["a", "b"], deployment=deployment, setup_metric=""
    )
    steps = (("container-1", 0.1),)
    response = Response(status, [], b"1", seconds=steps)
    observations.record("churn", variant, ({}, b"1"), response, 0.1, 0.2)
    assert kept.recorded == [(("churn", "Blue", "c-1", ""), recorded, 2, 0.1, 0.2)]
    assert kept.containers == [(("churn", "Blue", "c-1", ""), steps)]
    assert len(kept.noted) == captured
    assert kept.setups == []


def test_setup_of_a_serverless_instance_is_overhead(aws: Aws) -> None:
    observations, kept = Observations(aws), Kept()
    observations.recorder = observations.capture = kept  # type: ignore[assignment]
    deployment = SimpleNamespace(config="c-1", capture=None, shadows={})
    variant: Any = SimpleNamespace(
        component="",
        name="Blue",
        instances=["a"],
        deployment=deployment,
        setup_metric="ModelSetupTime",
    )
    response = Response(200, [], b"1", setup_seconds=0.75)
    observations.record("churn", variant, ({}, b"1"), response, 1.0, 0.25)
    place = ("churn", "Blue", "c-1", "")
    assert kept.recorded == [(place, 200, 1, 0.25, 1.0)]
    assert kept.setups == [(place, "ModelSetupTime", 0.75)]
