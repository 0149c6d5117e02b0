"""One request that must be answered, within bounds."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from prodml.exceptions import DeploymentError
from prodml.operators.deletion import DeleteEndpointOperator
from prodml.operators.smoke import SmokeTestOperator

from tests.plugins.runs import Ti, deploying, run


@pytest.fixture(scope="module")
def serving(package: str) -> Iterator[str]:
    """An endpoint of the trained model."""
    name = f"smoke-{uuid.uuid4().hex[:8]}"
    run(deploying(name, package), Ti("deploy"))
    yield name
    run(DeleteEndpointOperator(task_id="delete", endpoint=name, poll_interval=0.1), Ti("end"))


def smoke(endpoint: str, **arguments: Any) -> SmokeTestOperator:
    return SmokeTestOperator(task_id="smoke", endpoint=endpoint, payload="59,1", **arguments)


def test_an_answer_within_bounds_is_returned(serving: str, ti: Ti) -> None:
    answer = run(smoke(serving, lower=0.0, upper=1.0), ti)
    assert (answer["endpoint"], answer["variant"]) == (serving, "AllTraffic")
    assert 0.5 < float(answer["answer"]) <= 1


def test_an_answer_out_of_bounds_fails_the_smoke_test(serving: str, ti: Ti) -> None:
    with pytest.raises(DeploymentError, match=r"not between -inf and 0\.1.*Check that the payload"):
        run(smoke(serving, upper=0.1), ti)


def test_an_empty_answer_names_the_endpoint_and_its_log() -> None:
    with pytest.raises(DeploymentError, match=r"churn gave an empty answer\. Read its log"):
        smoke("churn")._judge("")
