"""What can never be compared is refused before the wait."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from prodml.operators.comparison import CompareVariantsOperator

from tests.plugins.runs import Ti, run


def compare(endpoint: str, **arguments: Any) -> CompareVariantsOperator:
    return CompareVariantsOperator(
        task_id="compare", endpoint=endpoint, hours=0, check_every=0.1, **arguments
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [({"direction": "Sideways"}, "Sideways"), ({"confidence": "0.2"}, "confidence")],
)
def test_a_rule_that_cannot_decide_is_refused_at_once(
    unique: str, ti: Ti, arguments: dict[str, Any], words: str
) -> None:
    """Before AWS is asked: the endpoint does not even exist."""
    with pytest.raises(ValueError, match=words):
        run(compare(unique, **arguments), ti)


@pytest.mark.parametrize(
    ("arguments", "gain"),
    [
        ({}, -1.0),  # of two models without a fault, neither is ever surely better
        ({"max_error_percent": "3"}, -3.0),
        ({"metric": "latency"}, 0.0),
        ({"min_gain": "None", "metric": "latency"}, 0.0),
        ({"min_gain": "0.5"}, 0.5),
    ],
)
def test_the_gain_that_is_left_out_depends_on_the_metric(
    arguments: dict[str, Any], gain: float
) -> None:
    assert compare("churn", **arguments)._rule().min_gain == gain


def test_an_endpoint_without_a_contest_has_nothing_to_compare(unique: str, ti: Ti) -> None:
    with pytest.raises(AirflowSkipException, match=unique):
        run(compare(unique), ti)
