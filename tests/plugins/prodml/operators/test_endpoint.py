"""Operators of one endpoint leave another Airflow's alone."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.exceptions import RequestRefusedError
from prodml.naming import Identity
from prodml.operators.endpoint import EndpointOperator


@pytest.fixture
def kept(sagemaker: Any, unique: str) -> dict[str, Any]:
    """Something that carries the tags of a task of the deployment `prod`."""
    tags = Identity("prod", "dag", "run", "task").tags(1, "digest")
    made = sagemaker.create_model_package_group(ModelPackageGroupName=unique, Tags=tags)
    return {"EndpointArn": made["ModelPackageGroupArn"]}


def operator(deployment: str) -> EndpointOperator:
    return EndpointOperator(task_id="task", endpoint="churn", deployment=deployment)


def test_another_deployments_endpoint_is_refused_with_the_way_to_take_it(
    kept: dict[str, Any],
) -> None:
    with pytest.raises(RequestRefusedError, match=r"kept by the deployment 'prod'.*'dev'"):
        operator("dev").refuse_foreign(kept)
    operator("prod").refuse_foreign(kept)


def test_an_endpoint_that_is_not_there_or_has_no_owner_is_free(sagemaker: Any, unique: str) -> None:
    operator("dev").refuse_foreign(None)
    made = sagemaker.create_model_package_group(ModelPackageGroupName=unique)
    operator("dev").refuse_foreign({"EndpointArn": made["ModelPackageGroupArn"]})


def test_it_is_polled_at_the_operators_own_interval() -> None:
    assert operator("dev").target.name == "churn"
    assert operator("dev").target.poll_interval == 1.0
