"""The API of an endpoint: its schema, and the serving kind that has none."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import XComArg
from prodml.endpoints.component import Component

from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE
from include.pipelines.definition.contract import Contract
from include.pipelines.stages import publishing
from include.pipelines.stages.publishing import plan_api, refuse_component
from tests.include.pipelines.stages.conftest import Wired


def columns(monkeypatch: pytest.MonkeyPatch, served: Contract | None) -> set[str]:
    """Return the columns of the API's requests, where the model in production takes *served*."""
    champion = SimpleNamespace(contract=served) if served else None
    monkeypatch.setattr(publishing, "champion_of", lambda _: champion)
    monkeypatch.setattr(publishing, "of_version", lambda given: given.contract)
    plan = plan_api.function(params={"pipeline": "churn"})
    assert plan["endpoint"] == PIPELINE.endpoint
    return set(plan["schema"]["definitions"]["record"]["required"])


def test_a_request_has_the_columns_of_the_pipeline_before_the_first_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert columns(monkeypatch, None) == set(PIPELINE.schema.inputs)


def test_a_version_in_production_takes_the_columns_that_it_was_trained_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    older = Contract("digest", {"minutes": "a number"}, {}, None)
    assert columns(monkeypatch, older) == {"minutes"}


def test_the_form_and_the_plan_reach_the_operator(wired: Wired) -> None:
    publish = wired(stages.publish_api)["publish"]
    assert publish.upstream_task_ids == {"plan_api"}
    assert {name: getattr(publish, name) for name in params.API} == params.API
    for member in ("endpoint", "schema"):
        value: Any = getattr(publish, member)
        assert isinstance(value, XComArg)


def test_a_component_has_no_api() -> None:
    refuse_component(PIPELINE)
    with pytest.raises(ValueError, match=r"for which no API can be published\. Serve it on"):
        refuse_component(replace(PIPELINE, component=Component(memory_mb=1024)))
