"""A model and a configuration alone: the same request is the same resource."""

from __future__ import annotations

from typing import Any

from prodml.operators.serving import EnsureEndpointConfigOperator, EnsureModelOperator

from tests.plugins.runs import ROLE, Ti, linked_page, run


def test_the_same_request_is_the_same_resource(
    package: str, sagemaker: Any, unique: str, ti: Ti
) -> None:
    def model(**environment: str) -> str:
        container = {"ModelPackageName": package, "Environment": environment}
        operator = EnsureModelOperator(
            task_id="model", prefix=unique, container=container, role_arn=ROLE
        )
        return str(run(operator, ti)["model"])

    first = model()
    assert first == model() != model(LEVEL="debug")
    found = sagemaker.describe_model(ModelName=first)
    assert found["PrimaryContainer"]["ModelPackageName"] == package
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
