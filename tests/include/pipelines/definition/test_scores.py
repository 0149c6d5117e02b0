from __future__ import annotations

import math
import random

import pytest

from include.pipelines.definition.scores import (
    SCORES,
    auc,
    balanced_accuracy,
    gain,
    log_loss,
    mae,
    r2,
    refuse_direction,
    rmse,
    scorecard,
)


@pytest.mark.parametrize(
    ("labels", "scores", "expected"),
    [
        ([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], 1.0),
        ([1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9], 0.0),
        ([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5], 0.5),
        ([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 0.75),
    ],
)
def test_auc_of_known_rankings(labels: list[int], scores: list[float], expected: float) -> None:
    assert auc(labels, scores) == expected


def test_auc_is_the_share_of_pairs_in_the_right_order() -> None:
    draw = random.Random(1)
    labels = [draw.random() < 0.3 for _ in range(200)]
    scores = [round(draw.random() + 0.2 * label, 1) for label in labels]  # with many ties
    leavers = [s for s, label in zip(scores, labels, strict=True) if label]
    stayers = [s for s, label in zip(scores, labels, strict=True) if not label]
    won = sum((a > b) + 0.5 * (a == b) for a in leavers for b in stayers)
    expected = won / (len(leavers) * len(stayers))
    assert auc([int(label) for label in labels], scores) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("problem", "truth", "predictions", "sentence"),
    [
        ("binary", [0, 1], [0.5], r"1 predictions for 2 rows.*Read s3://b/out/"),
        ("binary", [0, 0], [0.5, 0.6], "only one class"),
        ("binary", [0, 1], [0.5, 1.6], "1.6 is not a prediction of a binary model"),
        ("regression", [1.0, 2.0], [1.0, float("nan")], "nan is not a prediction"),
        ("regression", [2.0, 2.0], [1.0, 3.0], "All labels of the holdout are equal"),
    ],
)
def test_what_cannot_be_scored_is_refused(
    problem: str, truth: list[float], predictions: list[float], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        scorecard(problem, truth, predictions, "s3://b/out/")


def test_scores_are_those_of_scikit_learn() -> None:
    """The examples of scikit-learn's own documentation."""
    truth, guesses = [3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0]
    assert rmse(truth, guesses) == pytest.approx(math.sqrt(0.375))
    assert mae(truth, guesses) == 0.5
    assert r2(truth, guesses) == pytest.approx(0.9486081370449679)
    assert log_loss([1, 0, 0, 1], [0.9, 0.1, 0.2, 0.65]) == pytest.approx(0.21616187468057912)
    assert balanced_accuracy([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1]) == 0.625


@pytest.mark.parametrize("problem", SCORES)
def test_a_perfect_model_is_not_beaten(problem: str) -> None:
    truth = [0.0, 1.0, 1.0, 0.0]
    perfect = scorecard(problem, truth, truth, "s3://b/out/")
    poor = scorecard(problem, truth, [1.0, 0, 0, 1.0], "s3://b/out/")
    for name in perfect:
        assert gain(problem, name, perfect[name], poor[name]) > 0


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
