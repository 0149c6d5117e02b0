"""The best trial by a metric and a direction; what cannot be compared never wins."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.exceptions import NothingToSelectError
from prodml.operators.selection import SelectBestTrialOperator, best_first
from prodml.vocabulary import Direction

from tests.plugins.runs import Ti, run

NAN = float("nan")


def _trial(name: str, status: str = "Completed") -> Any:
    return {"name": name, "status": status}


def _names(values: list[float | None], direction: Direction, **status: str) -> str:
    trials = [_trial(n, status.get(n, "Completed")) for n in "abcd"[: len(values)]]
    return "".join(trial["name"] for trial, _ in best_first(trials, values, "auc", direction))


@pytest.mark.parametrize(
    ("values", "direction", "order"),
    [
        ([0.1, 0.3, 0.2], Direction.MAXIMIZE, "bca"),
        ([0.1, 0.3, 0.2], Direction.MINIMIZE, "acb"),
        ([-5.0, -3.0], Direction.MAXIMIZE, "ba"),
        ([0.3, 0.3], Direction.MAXIMIZE, "ab"),
        ([None, 0.1, NAN], Direction.MAXIMIZE, "bac"),
        ([None, 0.1, NAN], Direction.MINIMIZE, "bac"),
    ],
)
def test_ranking(values: list[float | None], direction: Direction, order: str) -> None:
    assert _names(values, direction) == order


def test_a_failed_trial_ranks_last() -> None:
    assert _names([0.9, 0.1], Direction.MAXIMIZE, a="Failed") == "ba"


def test_the_choice_is_returned_and_written_down(
    trained: Any, experiment: str, sagemaker: Any, ti: Ti
) -> None:
    worse = trained | {"name": "worse", "job_name": "unknown", "metrics": {"validation:auc": 0.4}}
    operator = SelectBestTrialOperator(
        task_id="select",
        experiment=experiment,
        trials=[worse, trained],
        metric="validation:auc",
    )
    best = run(operator, ti)
    assert (best["name"], best["metric"], best["value"]) == ("tree", "validation:auc", 1.0)
    assert [line["name"] for line in best["ranking"]] == ["tree", "worse"]
    component_ = sagemaker.describe_trial_component(
        TrialComponentName=f"{trained['trial']}-selection"
    )
    assert component_["Parameters"]["metric"] == {"StringValue": "validation:auc"}


def test_an_unknown_metric_is_answered_with_the_known_ones(
    trained: Any, experiment: str, ti: Ti
) -> None:
    operator = SelectBestTrialOperator(
        task_id="select", experiment=experiment, trials=[trained], metric="validation:f2"
    )
    with pytest.raises(NothingToSelectError, match="validation:auc"):
        run(operator, ti)


def test_another_statistic_than_the_last_value_decides(
    trained: Any, experiment: str, ti: Ti
) -> None:
    """A trial without the statistic cannot win by its last value."""
    unknown = trained | {"name": "unknown", "job_name": "unknown", "metrics": {"train:auc": 9.0}}
    operator = SelectBestTrialOperator(
        task_id="select",
        experiment=experiment,
        trials=[unknown, trained],
        metric="train:auc",
        statistic="Min",
    )
    best = run(operator, ti)
    assert (best["name"], best["statistic"]) == ("tree", "Min")
    assert best["value"] <= trained["metrics"]["train:auc"]
