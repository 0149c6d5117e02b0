"""Plans whose fields are arguments of an operator of the same name."""

from __future__ import annotations

import pytest
from prodml.operators.api import PublishApiOperator
from prodml.operators.component import DeployComponentOperator
from prodml.operators.copying import CopyModelPackageOperator
from prodml.operators.deployment import DeployEndpointOperator
from prodml.operators.load_testing import LoadTestOperator

from include.pipelines.contracts.deployment import (
    ApiPlan,
    ImportPlan,
    LoadPlan,
    ServingComponent,
    ServingInstances,
)
from tests.include.pipelines.contracts.arguments import arguments


@pytest.mark.parametrize(
    ("plan", "operator"),
    [
        (ApiPlan, PublishApiOperator),
        (ImportPlan, CopyModelPackageOperator),
        (LoadPlan, LoadTestOperator),
        (ServingInstances, DeployEndpointOperator),
        (ServingComponent, DeployComponentOperator),
    ],
)
def test_an_operator_takes_every_field_of_its_plan(plan: type, operator: type) -> None:
    assert plan.__annotations__.keys() <= arguments(operator)
