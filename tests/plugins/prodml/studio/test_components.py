"""The components of an endpoint or of some names, described in a call each."""

from __future__ import annotations

from typing import Any

from prodml.studio.components import MOST, components_named, components_on, model_of

from tests.plugins.answers import Answers, refusal

FLEET = {"ProductionVariants": [{"VariantName": "AllTraffic"}]}
ALONE = {"ProductionVariants": [{"VariantName": "AllTraffic", "DeployedImages": [{}]}]}


def _described(InferenceComponentName: str) -> dict[str, Any]:  # noqa: N803
    if InferenceComponentName == "gone":
        raise refusal("ValidationException", "Could not find inference component")
    return {"InferenceComponentName": InferenceComponentName}


def _account(*names: str) -> Any:
    return Answers(
        list_inference_components={
            "InferenceComponents": [{"InferenceComponentName": name} for name in names]
        },
        describe_inference_component=_described,
    )


def test_components_are_described_in_the_order_of_their_names() -> None:
    aws = _account("wine", "gone", "churn")
    names = [one["InferenceComponentName"] for one in components_on(aws, "shared")]
    assert names == ["churn", "wine"]
    assert aws.calls[0][1] == {"EndpointNameEquals": "shared", "MaxResults": MOST}


def test_only_wanted_names_are_described() -> None:
    aws = _account("wine", "other")
    assert [*components_named(aws, {"wine", "churn"}, [FLEET])] == ["wine"]
    assert [operation for operation, _ in aws.calls].count("describe_inference_component") == 1


def test_an_account_without_a_fleet_costs_no_call() -> None:
    aws: Any = Answers()
    assert components_named(aws, {"wine"}, [ALONE]) == {}


def test_a_role_that_may_not_list_components_sees_none() -> None:
    aws: Any = Answers(
        list_inference_components=refusal("AccessDeniedException"),
        describe_inference_component=_described,
    )
    assert components_named(aws, {"wine"}, [FLEET]) == {}
    assert components_on(aws, "shared") == []


def test_a_component_without_a_model_serves_none() -> None:
    assert model_of({"Specification": {"ModelName": "m"}}) == "m"
    assert model_of({"Specification": {"Container": {"Image": "i"}}}) == ""
