"""A model and a configuration alone: the same request is the same resource."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.operators.serving import EnsureEndpointConfigOperator, EnsureModelOperator

from tests.plugins.rules import NETWORK, TAG
from tests.plugins.runs import ROLE, Ti, linked_page, run


def test_the_same_request_is_the_same_resource(
    package: str, sagemaker: Any, unique: str, ti: Ti
) -> None:
    def model(**environment: str) -> str:
        container = {"ModelPackageName": package, "Environment": environment}
        operator = EnsureModelOperator(
            task_id="model", prefix=unique, containers=[container], role_arn=ROLE
        )
        return str(run(operator, ti)["model"])

    first = model()
    assert first == model() != model(LEVEL="debug")
    description = sagemaker.describe_model(ModelName=first)
    assert description["PrimaryContainer"]["ModelPackageName"] == package
    assert package in linked_page(ti)

    variant = {
        "VariantName": "AllTraffic",
        "ModelName": first,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 2,
    }
    operator = EnsureEndpointConfigOperator(
        task_id="config", prefix=unique, config={"ProductionVariants": [variant]}
    )
    config = run(operator, ti)["config"]
    assert run(operator, ti)["config"] == config
    described = sagemaker.describe_endpoint_config(EndpointConfigName=config)
    assert described["ProductionVariants"][0]["InitialInstanceCount"] == 2
    assert first in linked_page(ti)


def test_a_rule_makes_another_model_and_what_the_operator_states_wins(
    package: str, sagemaker: Any, unique: str, ti: Ti, request: pytest.FixtureRequest
) -> None:
    def model(**stated: Any) -> str:
        container = {"ModelPackageName": package}
        operator = EnsureModelOperator(
            task_id="model", prefix=unique, containers=[container], role_arn=ROLE, **stated
        )
        return str(run(operator, ti)["model"])

    free = model()
    request.getfixturevalue("company")
    ruled, own = model(), model(config={"EnableNetworkIsolation": False})
    assert len({free, ruled, own}) == 3
    described = {name: sagemaker.describe_model(ModelName=name) for name in (ruled, own)}
    assert described[ruled]["VpcConfig"] == described[own]["VpcConfig"] == NETWORK
    assert [each["EnableNetworkIsolation"] for each in described.values()] == [True, False]
    assert TAG in sagemaker.list_tags(ResourceArn=described[ruled]["ModelArn"])["Tags"]
