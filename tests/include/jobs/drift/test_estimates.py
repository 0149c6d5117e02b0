"""Scores estimated without labels: what they see, and what they say they do not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from sklearn import metrics

from include.jobs.drift.calibration import Calibration, read_calibration
from include.jobs.drift.errors import UnreadableData
from include.jobs.drift.estimates import alerting, estimate
from include.jobs.drift.expected_scores import scores_of
from include.jobs.drift.findings import Status
from include.jobs.drift.samples import Sample
from include.jobs.evaluation.answers import Answers
from include.jobs.evaluation.calibration import fit_calibration

Array = np.ndarray


def binary(rows: int, seed: int, centre: float = 0.0, spread: float = 2.0) -> tuple[Array, Array]:
    """Return labels, and the probabilities of a model that is far too sure of itself.

    The less the score spreads, the less the model knows about the rows.
    """
    draw = np.random.default_rng(seed)
    score = centre + spread * draw.standard_normal(rows)
    labels = (draw.random(rows) < 1 / (1 + np.exp(-score))).astype(int)
    return labels, 1 / (1 + np.exp(-2.5 * score))


def fitted(rows: int = 2000, seed: int = 1) -> Calibration:
    labels, given = binary(rows, seed)
    answers = Answers(given, (given >= 0.5).astype(int))
    calibration = fit_calibration(labels, answers, ["no", "yes"], 0.5)
    assert calibration
    return calibration


def answered(given: Array, name: str = "prediction") -> Sample:
    sample = Sample(10_000)
    sample.add(pa.RecordBatch.from_pydict({name: pa.array(given)}))
    return sample


CALIBRATION = fitted()


def test_expected_scores_of_labels_are_scikit_learns() -> None:
    labels, given = binary(500, 4)
    given = np.round(given, 2)  # with ties
    said = given >= 0.5
    scores = scores_of(labels.astype(float), given, said)
    assert scores == pytest.approx(
        {
            "auc": metrics.roc_auc_score(labels, given),
            "average_precision": metrics.average_precision_score(labels, given),
            "log_loss": metrics.log_loss(labels, given),
            "accuracy": metrics.accuracy_score(labels, said),
            "precision": metrics.precision_score(labels, said),
            "recall": metrics.recall_score(labels, said),
            "f1": metrics.f1_score(labels, said),
        }
    )
    draw = np.random.default_rng(1)
    truth, decided = draw.integers(3, size=400), draw.integers(3, size=400)
    several = scores_of(np.eye(3)[truth], np.eye(3)[decided], decided)
    assert several == pytest.approx(
        {
            "accuracy": metrics.accuracy_score(truth, decided),
            "balanced_accuracy": metrics.balanced_accuracy_score(truth, decided),
            "weighted_f1": metrics.f1_score(truth, decided, average="weighted"),
        }
    )


def test_a_window_of_the_same_kind_is_as_good_as_the_holdout() -> None:
    labels, given = binary(1500, 2)
    result = estimate(answered(given), CALIBRATION, "auc")
    assert result
    assert result.status == Status.OK
    real = scores_of(labels.astype(float), given, given >= 0.5)
    for name in ("auc", "f1", "accuracy", "log_loss"):
        one = result.values[name]
        assert abs(one.value - real[name]) < 4 * np.hypot(one.deviation, 0.01), name


def test_rows_that_the_model_is_unsure_about_alert_before_any_label() -> None:
    labels, given = binary(1500, 3, spread=0.7)
    result = estimate(answered(given), CALIBRATION, "auc")
    assert result
    assert alerting(result) == ["estimated auc"]
    real = scores_of(labels.astype(float), given, given >= 0.5)
    assert abs(result.values["auc"].value - real["auc"]) < 0.04
    assert result.values["auc"].expected.measured > real["auc"] + 0.1


def test_the_score_that_decides_and_its_limits_are_settable() -> None:
    _, given = binary(1500, 3, spread=1.5)
    loose = estimate(answered(given), CALIBRATION, "log_loss", (0.5, 0.9))  # type: ignore[arg-type]
    assert loose
    assert (loose.score, loose.status) == ("log_loss", Status.OK)


@pytest.mark.parametrize("columns", [["probabilities.a", "probabilities.b", "probabilities.c"]])
def test_several_classes(columns: list[str]) -> None:
    draw = np.random.default_rng(5)

    def chances(rows: int, sharpness: float) -> tuple[Array, Array]:
        odds = np.exp(sharpness * draw.standard_normal((rows, 3)))
        table = odds / odds.sum(axis=1, keepdims=True)
        labels = (draw.random((rows, 1)) > np.cumsum(table, axis=1)).sum(axis=1)
        return labels, table

    labels, table = chances(1500, 3.0)
    decided = table.argmax(axis=1)
    calibration = fit_calibration(labels, Answers(decided, decided, table), ["a", "b", "c"], 0.5)
    assert calibration
    for sharpness, status in ((3.0, Status.OK), (1.0, Status.ALERT)):
        truth, given = chances(1000, sharpness)
        sample = Sample(10_000)
        parts = {name: pa.array(given[:, place]) for place, name in enumerate(columns)}
        sample.add(pa.RecordBatch.from_pydict(parts))
        result = estimate(sample, calibration, "balanced_accuracy")
        assert result
        assert result.status == status
        real = scores_of(np.eye(3)[truth], given, given.argmax(axis=1))
        assert abs(result.values["accuracy"].value - real["accuracy"]) < 0.05


def test_what_cannot_be_estimated_is_said(tmp_path: Path) -> None:
    assert estimate(answered(np.ones(300)), None) is None
    few = estimate(answered(np.full(99, 0.5)), CALIBRATION)
    assert few
    assert "99 answers, fewer than 100" in str(few.reason)
    named = estimate(answered(np.full(300, 0.5), "label"), CALIBRATION)
    assert named
    assert "state no probabilities" in str(named.reason)
    assert named.to_json()["status"] is None
    (tmp_path / "calibration.json").write_text("[]")
    with pytest.raises(UnreadableData, match="Evaluate the model again"):
        read_calibration(tmp_path)


def test_a_calibration_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(CALIBRATION.to_json()))
    assert read_calibration(path) == read_calibration(tmp_path)
    again = read_calibration(path)
    assert again
    assert again.to_json() == CALIBRATION.to_json()
    assert abs(again.apply(np.array([0.99]))[0] - 0.86) < 0.05, "it was too sure of itself"


def test_too_few_rows_or_no_probabilities_have_no_calibration() -> None:
    labels, given = binary(40, 1)
    few = Answers(given, (given >= 0.5).astype(int))
    assert fit_calibration(labels, few, ["no", "yes"], 0.5) is None
    named = np.arange(90) % 3
    assert fit_calibration(named, Answers(named, named), ["a", "b", "c"], 0.5) is None
    assert fit_calibration(given, Answers(given, given), [], 0.5) is None
