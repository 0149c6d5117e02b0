from __future__ import annotations

import pytest

from include.pipelines.definition.scores import SCORES, gain, refuse_direction


def test_a_lower_loss_and_a_higher_share_are_gains() -> None:
    for problem, directions in SCORES.items():
        for name, more_is_better in directions.items():
            assert (gain(problem, name, 0.9, 0.7) > 0) is more_is_better


@pytest.mark.parametrize(
    ("metric", "wanted", "other"),
    [
        ("validation:auc", "Maximize", "Minimize"),
        ("test:loss", "Minimize", "Maximize"),
        ("errors", "Minimize", "Maximize"),
        ("validation:error@0.3", "Minimize", "Maximize"),
        ("test:ndcg@10", "Maximize", "Minimize"),
        ("validation:map@5", "Maximize", "Minimize"),
        ("validation:gamma-nloglik", "Minimize", "Maximize"),
        ("validation:f1_macro", "Maximize", "Minimize"),
        ("val_loss", "Minimize", "Maximize"),
        ("Validation-Error", "Minimize", "Maximize"),
        ("mean_squared_error", "Minimize", "Maximize"),
        ("neg_log_loss", "Maximize", "Minimize"),
        ("AWS/SageMaker:ModelLatency", "Minimize", "Maximize"),
        ("AWS/SageMaker:Invocation5XXErrors", "Minimize", "Maximize"),
    ],
)
def test_the_worst_is_not_searched_for(metric: str, wanted: str, other: str) -> None:
    refuse_direction(metric, wanted)
    with pytest.raises(ValueError, match=f"Choose {wanted}"):
        refuse_direction(metric, other)


@pytest.mark.parametrize(
    "metric", ["Mine:happiness", "Mine:heat-map", "accuracy_loss", "lossless_share", ""]
)
def test_a_metric_that_is_not_known_takes_any_direction(metric: str) -> None:
    for direction in ("Maximize", "Minimize"):
        refuse_direction(metric, direction)
