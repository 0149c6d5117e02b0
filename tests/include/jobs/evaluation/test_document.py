"""The document of an evaluation: the registry's metrics, and both models."""

from __future__ import annotations

import numpy as np
import pytest

from include.jobs.evaluation import bootstrap
from include.jobs.evaluation.answers import HALF, Answers
from include.jobs.evaluation.document import evaluation
from tests.include.jobs.evaluation.holdouts import Array, binary

NO_YES = ["no", "yes"]


@pytest.fixture(autouse=True)
def _few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "RESAMPLES", 5)
    monkeypatch.setattr(bootstrap, "GROUPS", 3)


def answers(chances: Array) -> Answers:
    return Answers(chances, (chances >= HALF).astype(int))


def test_a_first_model_is_measured_and_compared_with_nothing() -> None:
    truth, better, _ = binary(80)
    document = evaluation(truth, {"challenger": answers(better)}, NO_YES, 0.9)
    assert document["dataset"] == {"item_count": 80}
    ours = document["prodml"]
    assert (ours["champion"], ours["gains"], ours["confidence"]) == (None, None, 0.9)
    low, high = ours["challenger"]["scores"]["auc"]["interval"]
    assert low < ours["challenger"]["scores"]["auc"]["value"] < high


def test_the_registrys_metrics_describe_the_challenger() -> None:
    truth, better, worse = binary(80)
    models = {"challenger": answers(better), "champion": answers(worse)}
    document = evaluation(truth, models, NO_YES, 0.95)
    section, ours = document["binary_classification_metrics"], document["prodml"]
    assert section["auc"]["value"] == ours["challenger"]["scores"]["auc"]["value"]
    assert section["confusion_matrix"] == ours["challenger"]["confusion_matrix"]
    drawn = ours["challenger"]["curves"]["yes"]["roc"]
    curve = section["receiver_operating_characteristic_curve"]
    pairs = zip(curve["false_positive_rates"], curve["true_positive_rates"], strict=True)
    assert [list(pair) for pair in pairs] == drawn
    gained = ours["gains"]["auc"]["value"]
    values = [ours[role]["scores"]["auc"]["value"] for role in ("challenger", "champion")]
    assert gained == pytest.approx(values[0] - values[1])


def test_a_score_that_the_labels_do_not_allow_is_left_out() -> None:
    _, better, worse = binary(60)
    models = {"challenger": answers(better), "champion": answers(worse)}
    document = evaluation(np.zeros(60, int), models, NO_YES, 0.95)
    section, ours = document["binary_classification_metrics"], document["prodml"]
    assert "accuracy" in section
    for part in (section, ours["challenger"]["scores"], ours["gains"]):
        assert "auc" not in part
    assert "receiver_operating_characteristic_curve" not in section


def test_a_regression_has_no_confusion_matrix() -> None:
    truth = np.arange(30.0)
    near = truth + np.resize([0.5, -0.5, 1.0], 30)
    document = evaluation(truth, {"challenger": Answers(near, near)}, [], 0.95)
    assert "confusion_matrix" not in document["regression_metrics"]
    assert document["prodml"]["challenger"]["confusion_matrix"] is None
    assert document["prodml"]["problem"] == "regression"
