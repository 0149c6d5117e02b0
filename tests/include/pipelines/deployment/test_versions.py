"""The plan of an on-call deployment, on the registry of a real embedded AWS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
from prodml.endpoints.component import Component, Hosts

from include.local_aws.testing import Server, connection_to
from include.pipelines import params
from include.pipelines.churn import PIPELINE
from include.pipelines.contracts.deployment import VersionPlan
from include.pipelines.definition.serving import Fleet
from include.pipelines.deployment import pins, versions
from include.pipelines.errors import NothingNew
from include.pipelines.evaluation.champion import Champion
from tests.include.local_aws.models import IMAGE
from tests.include.pipelines.params.forms import defaults

FORM = defaults(params.deploy(["churn"]))


@pytest.fixture(scope="module", autouse=True)
def registered(local_aws_server: Server) -> Iterator[None]:
    """Register two versions of the churn model, the first with a scorecard."""
    sagemaker = local_aws_server.client("sagemaker")
    group = PIPELINE.endpoint
    container = {"Image": IMAGE, "ModelDataUrl": "s3://bucket/model.tar.gz"}
    specification = {
        "Containers": [container],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    for facts in ({"metric:holdout_auc": "0.91"}, {"window_end": "2024-03-11"}):
        sagemaker.create_model_package(
            ModelPackageGroupName=group,
            ModelApprovalStatus="Approved",
            InferenceSpecification=specification,
            CustomerMetadataProperties=facts,
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(local_aws_server.url))
        yield
    for package in sagemaker.list_model_packages(ModelPackageGroupName=group)[
        "ModelPackageSummaryList"
    ]:
        sagemaker.delete_model_package(ModelPackageName=package["ModelPackageArn"])
    sagemaker.delete_model_package_group(ModelPackageGroupName=group)


def _plan(**fields: Any) -> VersionPlan:
    return versions.plan(FORM | {"pipeline": "churn"} | fields)


def test_the_plan_holds_the_version_and_its_scorecard() -> None:
    plan = _plan(version=1)
    assert plan["model_package_arn"].endswith(f"{PIPELINE.endpoint}/1")
    assert plan["approval"] == "Approved"
    assert plan["serving"] is None
    assert "| auc | 0.9100 | no model |" in plan["scorecards"]
    assert "window: unknown" in plan["scorecards"]


def test_the_card_of_a_deployment_names_another_pin(local_aws_server: Server) -> None:
    pins.pin(PIPELINE, 2)
    try:
        assert "**Version 2 is pinned: this version is deployed" in _plan(version=1)["scorecards"]
    finally:
        pins.release(PIPELINE)


def test_a_component_is_deployed_by_what_its_kind_has(monkeypatch: pytest.MonkeyPatch) -> None:
    needs, fleet = Component(memory_mb=1024), Fleet("shared", Hosts(most=3))
    hosted = replace(PIPELINE, component=needs, fleet=fleet)
    monkeypatch.setattr(versions, "find", lambda name: hosted)
    plan = _plan(version=1)
    assert (plan["endpoint"], plan["component"], plan["capture"]) == ("shared", "churn", None)
    assert (plan["needs"], plan["hosts"]) == (asdict(needs), asdict(fleet.hosts))
    with pytest.raises(ValueError, match="rollout is shadow, and churn is an inference comp"):
        _plan(version=1, rollout="shadow")
    with pytest.raises(ValueError, match="hours_to_live is 2, and churn is an inference"):
        _plan(version=1, hours_to_live=2)
    several = Champion("arn", [{"Image": "a"}, {"Image": "b"}], {})
    monkeypatch.setattr(versions, "find_version", lambda arn: several)
    with pytest.raises(ValueError, match="Version 1 of churn has several containers"):
        _plan(version=1)


def test_an_unknown_version_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match=r"no version 7\. Registered versions: 1 \(Approved\), 2"):
        _plan(version=7)


def test_a_form_without_a_version_says_what_to_fill_in() -> None:
    with pytest.raises(ValueError, match="Set `version` or `release_pin`"):
        _plan(version=None)


def test_releasing_a_pin_alone_deploys_nothing() -> None:
    with pytest.raises(NothingNew, match="no version is deployed"):
        _plan(version=None, release_pin=True)
