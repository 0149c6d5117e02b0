"""Leave an endpoint alone that another Airflow keeps."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.exceptions import RequestRefusedError
from prodml.naming import Identity
from prodml.operators.endpoint import EndpointOperator


@pytest.fixture
def described(sagemaker: Any, unique: str) -> dict[str, str]:
    """An endpoint as it is described; its tags are those of a resource that is made faster."""
    made = sagemaker.create_experiment(ExperimentName=unique)
    return {"EndpointArn": made["ExperimentArn"]}


def _operator(deployment: str) -> EndpointOperator:
    return EndpointOperator(task_id="any", endpoint="churn", deployment=deployment)


def _keep(sagemaker: Any, described: dict[str, str], deployment: str) -> None:
    tags = Identity(deployment, "pipeline", "manual", "deploy").tags(1, "digest")
    sagemaker.add_tags(ResourceArn=described["EndpointArn"], Tags=tags)


def test_another_deployment_is_refused_with_the_ways_out(
    sagemaker: Any, described: dict[str, str]
) -> None:
    _keep(sagemaker, described, "prod")
    _operator("prod").refuse_foreign(described)
    with pytest.raises(RequestRefusedError) as error:
        _operator("dev").refuse_foreign(described)
    text = str(error.value)
    assert "Endpoint churn belongs to the deployment 'prod'; this is 'dev'." in text
    assert "change the endpoint's tag prodml:deployment to take it over" in text


def test_a_changed_tag_takes_it_over(sagemaker: Any, described: dict[str, str]) -> None:
    _keep(sagemaker, described, "prod")
    taken = [{"Key": "prodml:deployment", "Value": "dev"}]
    sagemaker.add_tags(ResourceArn=described["EndpointArn"], Tags=taken)
    _operator("dev").refuse_foreign(described)


def test_an_endpoint_without_tags_has_no_owner(described: dict[str, str]) -> None:
    _operator("dev").refuse_foreign(described)


def test_a_missing_endpoint_has_no_owner() -> None:
    _operator("dev").refuse_foreign(None)


def test_its_name_may_be_rendered() -> None:
    assert {"endpoint", "deployment", "aws_conn_id"} <= set(EndpointOperator.template_fields)
    operator = EndpointOperator(task_id="any", endpoint="churn", poll_interval=0.5)
    assert (operator.target.name, operator.target.poll_interval) == ("churn", 0.5)
