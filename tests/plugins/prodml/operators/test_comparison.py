"""Say which of two models is better, and only once that is sure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException, TaskDeferred
from prodml.comparison.contest import CHALLENGER
from prodml.operators.comparison import CompareVariantsOperator
from prodml.vocabulary import dimensions

from tests.include.local_aws.models import Platform, variant
from tests.plugins.runs import Ti, run

QUALITY = {"metric": "prodml/quality:auc", "direction": "Maximize"}


@pytest.fixture(scope="module")
def contest(platform: Platform) -> Iterator[str]:
    """An endpoint with two models, of which the challenger has the better metric."""
    model = platform.model()
    name = platform.serving(variant(model), variant(model, CHALLENGER))
    for side, auc in (("AllTraffic", 0.80), (CHALLENGER, 0.82)):
        place = dimensions({"EndpointName": name, "VariantName": side})
        data = [{"MetricName": "auc", "Value": auc, "Dimensions": place}]
        platform.server.client("cloudwatch").put_metric_data(
            Namespace="prodml/quality", MetricData=data
        )
    yield name
    platform.sagemaker.delete_endpoint(EndpointName=name)


def _operator(endpoint: str, **arguments: Any) -> CompareVariantsOperator:
    settings: dict[str, Any] = {"hours": 0, "min_requests": 0, "check_every": 0.1, "confidence": 0}
    return CompareVariantsOperator(
        task_id="compare", endpoint=endpoint, **settings | QUALITY | arguments
    )


def test_the_better_mean_wins_where_no_confidence_is_asked_for(contest: str, ti: Ti) -> None:
    verdict = run(_operator(contest), ti)
    assert (verdict["winner"], verdict["loser"]) == (CHALLENGER, "AllTraffic")
    assert "auc 0.82 against 0.8" in verdict["decision"]
    assert (verdict["incumbent"]["mean"], verdict["challenger"]["mean"]) == (0.80, 0.82)


def test_a_gain_that_is_too_small_leaves_the_incumbent(contest: str, ti: Ti) -> None:
    assert run(_operator(contest, min_gain="0.05"), ti)["winner"] == "AllTraffic"


def test_the_other_direction_is_the_other_winner(contest: str, ti: Ti) -> None:
    assert run(_operator(contest, direction="Minimize"), ti)["winner"] == "AllTraffic"


def test_a_contest_with_few_requests_continues(contest: str, ti: Ti) -> None:
    with pytest.raises(AirflowSkipException, match=r"0 of at least 5 requests\. Trigger"):
        run(_operator(contest, min_requests="5"), ti)


def test_a_contest_that_is_not_over_is_waited_for_in_the_triggerer(contest: str, ti: Ti) -> None:
    operator = _operator(contest, hours=24, deferrable=True)
    with pytest.raises(TaskDeferred) as deferred:
        operator.execute({"ti": ti})  # type: ignore[typeddict-item]
    assert deferred.value.method_name == "execute_again"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [({"confidence": 1.0}, "Invalid confidence 1"), ({"direction": "Up"}, "'Up'")],
)
def test_what_cannot_work_is_refused_before_any_wait(
    wrong: dict[str, Any], named: str, contest: str, ti: Ti
) -> None:
    with pytest.raises(ValueError, match=named):
        run(_operator(contest, hours=24, **wrong), ti)


def test_an_endpoint_that_does_not_exist_has_no_contest(unique: str, ti: Ti) -> None:
    with pytest.raises(AirflowSkipException, match=f"{unique} does not exist. Deploy two"):
        run(_operator(unique), ti)


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
    assert (
        CompareVariantsOperator(task_id="compare", endpoint="churn", **arguments)._rule().min_gain
        == gain
    )
