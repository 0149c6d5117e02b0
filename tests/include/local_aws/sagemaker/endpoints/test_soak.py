"""Changes of every kind in a row under load: `PRODML_SOAK_SECONDS` makes it longer."""

from __future__ import annotations

import contextlib
import os
import random
import time
from typing import Any

import psutil

from tests.include.local_aws.models import BROKEN, Platform, variant
from tests.include.local_aws.traffic import Traffic

SECONDS = float(os.environ.get("PRODML_SOAK_SECONDS", "12"))
WAIT = 30  # AWS seconds between steps


def _percent(value: int) -> dict[str, Any]:
    return {"Type": "CAPACITY_PERCENT", "Value": value}


def _shifting(kind: str, **size: Any) -> dict[str, Any]:
    routing = {"Type": kind, "WaitIntervalInSeconds": WAIT} | size
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}


DEPLOYMENTS: list[dict[str, Any]] = [
    _shifting("ALL_AT_ONCE"),
    _shifting("CANARY", CanarySize=_percent(30)),
    _shifting("LINEAR", LinearStepSize=_percent(25)),
    {"RollingUpdatePolicy": {"MaximumBatchSize": _percent(50), "WaitIntervalInSeconds": WAIT}},
]


def _change(platform: Platform, name: str, models: list[str], number: int) -> bool:
    """Request one change; return whether it can succeed."""
    count = random.randint(1, 3)
    if number % 4 == 3:
        wish = {"VariantName": "AllTraffic", "DesiredInstanceCount": count}
        platform.sagemaker.update_endpoint_weights_and_capacities(
            EndpointName=name, DesiredWeightsAndCapacities=[wish]
        )
        return True
    model = random.choice(models)
    config = platform.config(variant(model, InitialInstanceCount=count))
    platform.sagemaker.update_endpoint(
        EndpointName=name, EndpointConfigName=config, DeploymentConfig=random.choice(DEPLOYMENTS)
    )
    return model != models[-1]


def _model_processes(platform: Platform, name: str) -> int:
    """Count the processes of this endpoint's containers, by their folders."""
    count = 0
    for child in psutil.Process(platform.server.process.pid).children():
        with contextlib.suppress(psutil.Error):
            count += f"/endpoints/{name}/" in " ".join(child.cmdline())
    return count


def test_no_request_fails_during_changes(platform: Platform) -> None:
    seed = time.time_ns()
    random.seed(seed)
    models = [platform.model(name="first"), platform.model(name="second"), platform.model(BROKEN)]
    name = platform.serving(variant(models[0], InitialInstanceCount=2))
    end, number = time.monotonic() + SECONDS, 0
    with Traffic(platform, name, pause=0) as traffic:
        while time.monotonic() < end:
            possible = _change(platform, name, models, number)
            described = platform.settled(name)
            assert described["EndpointStatus"] == "InService"
            assert ("FailureReason" not in described) == possible, f"seed {seed}"
            number += 1
    assert traffic.failures == [], f"seed {seed}, {number} changes"
    wanted = described["ProductionVariants"][0]["DesiredInstanceCount"]
    deadline = time.monotonic() + 30
    while _model_processes(platform, name) != wanted and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _model_processes(platform, name) == wanted, f"seed {seed}"
