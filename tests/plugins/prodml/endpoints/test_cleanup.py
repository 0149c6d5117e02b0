"""Cleanup deletes leftovers, keeps what serves, will serve or served well, and never fails."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.endpoints.cleanup import OWNER, clean_up
from prodml.endpoints.resources import ensure_config, ensure_model

from include.local_aws.testing import Server
from tests.include.local_aws.models import ROLE, Platform, variant

CANARY = {
    "Type": "CANARY",
    "WaitIntervalInSeconds": 60,
    "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 50},
}


@pytest.fixture(scope="module")
def model(platform: Platform) -> str:
    return platform.model()


@pytest.fixture(scope="module")
def foreign(platform: Platform, model: str) -> Iterator[str]:
    """Return a foreign endpoint in service."""
    name = platform.serving(variant(model))
    yield name
    platform.sagemaker.delete_endpoint(EndpointName=name)


def _config(platform: Platform, endpoint: str, model: str, count: int = 1) -> str:
    """A configuration as a deployment to *endpoint* makes it; another *count* is another one."""
    request = {"ProductionVariants": [variant(model, InitialInstanceCount=count)]}
    tags = [{"Key": OWNER, "Value": endpoint}]
    return ensure_config(Aws(), endpoint, request, tags)


def _left(platform: Platform, endpoint: str) -> set[str]:
    pages = platform.sagemaker.get_paginator("list_endpoint_configs")
    configs_ = pages.paginate(NameContains=endpoint).build_full_result()["EndpointConfigs"]
    return {config["EndpointConfigName"] for config in configs_}


def _served(platform: Platform, endpoint: str, *configs: str) -> None:
    """As if each had been deployed and proved, one after the other."""
    for config in configs:
        clean_up(platform.sagemaker, endpoint, config, None, keep=99)


class Gone:
    """The real SageMaker, but endpoints go between list and describe."""

    def __init__(self, sagemaker: Any) -> None:
        self._sagemaker = sagemaker

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sagemaker, name)

    def describe_endpoint(self, **request: Any) -> Any:
        return self._sagemaker.describe_endpoint(EndpointName=f"{request['EndpointName']}-gone")


class Componentized(Gone):
    """The real SageMaker, but variants are for inference components: they name no model."""

    def describe_endpoint(self, **request: Any) -> Any:
        return self._sagemaker.describe_endpoint(**request)

    def describe_endpoint_config(self, **request: Any) -> Any:
        config_ = self._sagemaker.describe_endpoint_config(**request)
        for each in config_["ProductionVariants"]:
            del each["ModelName"]
        return config_


@pytest.mark.parametrize("oddity", ["gone", "no model", "no configuration"])
def test_an_unusual_foreign_endpoint_does_not_interfere(
    oddity: str, platform: Platform, model: str, foreign: str, unique: str
) -> None:
    real = platform.sagemaker
    if oddity == "no configuration":
        config = real.describe_endpoint(EndpointName=foreign)["EndpointConfigName"]
        real.delete_endpoint_config(EndpointConfigName=config)
    sagemaker = {"gone": Gone(real), "no model": Componentized(real)}.get(oddity, real)
    old, now = (_config(platform, unique, model, count) for count in (1, 2))
    assert clean_up(sagemaker, unique, now, old, keep=0) == [old]


def test_a_clean_up_that_fails_is_a_warning(
    platform: Platform,
    model: str,
    server: Server,
    unique: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    old, now = (_config(platform, unique, model, count) for count in (1, 2))
    fault = {"operation": "ListEndpoints", "error": "AccessDeniedException", "status": 400}
    with server.faults(fault), caplog.at_level(logging.WARNING):
        assert clean_up(platform.sagemaker, unique, now, old, keep=0) == []
    assert f"Cannot delete all old configurations of endpoint {unique}" in caplog.text
    assert _left(platform, unique) == {old, now}


def test_what_another_endpoint_is_on_or_on_its_way_to_stays_with_its_model(
    platform: Platform, model: str, foreign: str, unique: str
) -> None:
    shared = ensure_model(platform.sagemaker, unique, [platform.container()], ROLE, [])
    idle, coming = (_config(platform, unique, shared, count) for count in (1, 2))
    now = _config(platform, unique, model)
    _served(platform, unique, idle, coming, now)
    how = {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": CANARY}}
    platform.sagemaker.update_endpoint(
        EndpointName=foreign, EndpointConfigName=coming, DeploymentConfig=how
    )
    assert clean_up(platform.sagemaker, unique, now, None, keep=0) == [idle]
    assert platform.settled(foreign)["EndpointConfigName"] == coming
    assert clean_up(platform.sagemaker, unique, now, None, keep=0) == []
    assert _left(platform, unique) == {coming, now}
    platform.sagemaker.describe_model(ModelName=shared)


def test_the_last_good_one_outlives_updates_that_failed(
    platform: Platform, model: str, unique: str
) -> None:
    oldest, good, bad, worse, now = (_config(platform, unique, model, n) for n in range(1, 6))
    _served(platform, unique, oldest, good)
    assert clean_up(platform.sagemaker, unique, now, good, keep=1) == [oldest]
    assert _left(platform, unique) == {good, bad, worse, now}  # a deployment may be about to ask
    gone = clean_up(platform.sagemaker, unique, now, now, keep=1, grace=timedelta(0))
    assert set(gone) == {bad, worse}
    assert _left(platform, unique) == {good, now}


def test_what_served_until_now_stays_first_and_then_what_served_last(
    platform: Platform, model: str, unique: str
) -> None:
    """The order of creation does not matter: a rollback makes an old configuration serve again."""
    first, second, third, now = (_config(platform, unique, model, n) for n in range(1, 5))
    _served(platform, unique, second, third, first)
    assert clean_up(platform.sagemaker, unique, now, second, keep=2) == [third]
    assert _left(platform, unique) == {first, second, now}
