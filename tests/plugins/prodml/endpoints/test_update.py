"""Updates that others overtake end with the newer version."""

from __future__ import annotations

import json
import threading
import urllib.request
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from prodml.aws.client import Aws
from prodml.endpoints.endpoint import Endpoint
from prodml.endpoints.update import Update

from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform
from tests.plugins.conftest import register
from tests.plugins.runs import ROLE, Ti, deploying, run


def _deploy(endpoint: str, package: str, ti: Ti, **arguments: Any) -> dict[str, Any]:
    operator = deploying(endpoint, package, **arguments)
    return dict(run(operator, ti))


def _weeks(sagemaker: Any, container: dict[str, Any], *weeks: str) -> list[str]:
    """A version for each end of a window."""
    return [
        register(sagemaker, container, CustomerMetadataProperties={"window_end": week})
        for week in weeks
    ]


def _serving(sagemaker: Any, endpoint: str) -> str:
    config = sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
    config_ = sagemaker.describe_endpoint_config(EndpointConfigName=config)
    model = sagemaker.describe_model(ModelName=config_["ProductionVariants"][0]["ModelName"])
    return str(model["PrimaryContainer"]["ModelPackageName"])


def test_two_runs_that_finish_together_leave_the_newer_version(
    endpoint: str, platform: Platform, sagemaker: Any
) -> None:
    first, old, new = _weeks(sagemaker, platform.container(), *_MONDAYS)
    _deploy(endpoint, first, Ti("first"))
    start, outcomes = threading.Barrier(2), {}

    def deploy(arn: str) -> None:
        start.wait()
        try:
            outcomes[arn] = _deploy(endpoint, arn, Ti(arn), order_by="window_end")["changed"]
        except AirflowSkipException as skipped:
            outcomes[arn] = str(skipped)

    _together(deploy, old, new)
    assert _serving(sagemaker, endpoint) == new
    assert outcomes[new] is True
    assert outcomes[old] is True or "serves the newer version" in str(outcomes[old])


_MONDAYS = ("2024-01-01", "2024-01-08", "2024-01-15")


def _together(call: Any, *arguments: str) -> None:
    threads = [threading.Thread(target=call, args=(a,), daemon=True) for a in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()


def test_a_run_that_was_held_up_after_its_check_checks_again(
    endpoint: str, platform: Platform, server: Server, sagemaker: Any, ti: Ti
) -> None:
    """Its update is throttled; while it waits to ask again, the newer version is deployed."""
    first, old, new = _weeks(sagemaker, platform.container(), *_MONDAYS)
    _deploy(endpoint, first, ti)
    request = _prepared(endpoint, new, sagemaker)
    outcome: list[str] = []

    def late() -> None:
        try:
            _deploy(endpoint, old, Ti("late"), order_by="window_end")
        except AirflowSkipException as skipped:
            outcome.append(str(skipped))

    throttled = {"operation": "UpdateEndpoint", "error": "ThrottlingException", "count": 1}
    with server.faults(throttled):
        thread = threading.Thread(target=late, daemon=True)
        thread.start()
        while not _has_struck(server):
            assert thread.is_alive()
        sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=request)
        thread.join(120)
    assert outcome
    assert "serves the newer version" in outcome[0]
    assert _serving(sagemaker, endpoint) == new


def test_a_run_that_was_overtaken_after_its_check_puts_the_newer_version_back(
    endpoint: str, platform: Platform, sagemaker: Any, ti: Ti
) -> None:
    """The worst case: a whole update between the last poll and the call."""
    first, old, new = _weeks(sagemaker, platform.container(), *_MONDAYS)
    _deploy(endpoint, first, ti)
    mine, newer = (_prepared(endpoint, arn, sagemaker, by) for arn, by in ((old, "a"), (new, "b")))
    target = Endpoint(Aws(), endpoint, 0.1)
    polls = []

    def recheck() -> None:
        polls.append(_serving(sagemaker, endpoint))
        if polls[-1] == new:
            raise AirflowSkipException("serves the newer version")
        sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=newer)
        target.settle()

    with pytest.raises(AirflowSkipException, match="serves the newer version"):
        Update(target, mine, [], recheck=recheck).request()
    assert polls == [first, new]
    assert _serving(sagemaker, endpoint) == new


def _prepared(endpoint: str, arn: str, sagemaker: Any, by: str = "hand") -> str:
    """Return a configuration of a version, for an update of the endpoint by hand."""
    name = f"{endpoint}-by-{by}"
    sagemaker.create_model(
        ModelName=name, PrimaryContainer={"ModelPackageName": arn}, ExecutionRoleArn=ROLE
    )
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": name,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    owner = [{"Key": "prodml:endpoint", "Value": endpoint}]
    sagemaker.create_endpoint_config(
        EndpointConfigName=name, ProductionVariants=[variant], Tags=owner
    )
    return name


def _has_struck(server: Server) -> bool:
    with urllib.request.urlopen(f"{server.url}/_local/faults", timeout=10) as answer:
        return any(fault["hits"] for fault in json.load(answer)["faults"])
