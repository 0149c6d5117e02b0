"""Send one request to an endpoint and judge the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from prodml.exceptions import DeploymentError
from prodml.operators.smoke import SHOWN, SmokeTestOperator

from tests.include.local_aws.models import Platform, variant
from tests.plugins.runs import Ti, linked_page, run


@pytest.fixture(scope="module")
def echo(platform: Platform) -> Iterator[str]:
    """An endpoint whose answer is what it was asked."""
    name = platform.serving(variant(platform.model()))
    yield name
    platform.sagemaker.delete_endpoint(EndpointName=name)


def _ask(endpoint: str, payload: str, ti: Ti, **arguments: Any) -> dict[str, Any]:
    operator = SmokeTestOperator(task_id="smoke", endpoint=endpoint, payload=payload, **arguments)
    return dict(run(operator, ti))


def test_the_answer_is_reported_with_its_variant(echo: str, ti: Ti) -> None:
    result = _ask(echo, "0.25,0.5\n1", ti, lower=0, upper=1)
    assert (result["endpoint"], result["variant"]) == (echo, "AllTraffic")
    assert result["answer"] == "0.25,0.5\n1"
    assert result["milliseconds"] >= 0
    assert echo in linked_page(ti)


@pytest.mark.parametrize(
    ("payload", "bounds", "wrong"),
    [
        ("0.5,1.5", {"upper": 1}, r"1\.5, which is not between -inf and 1"),
        ("0.5\n-0.5", {"lower": 0}, r"-0\.5, which is not between 0 and inf"),
        ("nan", {"lower": 0, "upper": 1}, "nan, which is not between 0 and 1"),
        ("churned", {"lower": 0}, "'churned', which is not a number"),
    ],
)
def test_an_answer_out_of_bounds_fails_the_task(
    payload: str, bounds: dict[str, float], wrong: str, echo: str, ti: Ti
) -> None:
    with pytest.raises(DeploymentError, match=f"{echo} returned {wrong}.* Check that the payload"):
        _ask(echo, payload, ti, **bounds)


def test_without_bounds_any_text_is_an_answer_but_none_is_not(echo: str, ti: Ti) -> None:
    assert _ask(echo, "churned", ti)["answer"] == "churned"
    with pytest.raises(
        DeploymentError,
        match=f"There is no log group /aws/sagemaker/Endpoints/{echo}: no container has",
    ):
        _ask(echo, "long 0", ti)


def test_a_long_answer_is_cut(echo: str, ti: Ti) -> None:
    assert len(_ask(echo, "long 5000", ti)["answer"]) == SHOWN


def test_the_wanted_type_is_asked_for(echo: str, ti: Ti) -> None:
    assert _ask(echo, "accept", ti, accept="application/json")["answer"] == "application/json"


def test_an_error_of_the_model_fails_the_task(echo: str, ti: Ti) -> None:
    with pytest.raises(ClientError, match="ModelError"):
        _ask(echo, "fail always", ti)
