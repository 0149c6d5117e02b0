"""Scores estimated without labels: what they see, and what they say they do not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from include.jobs.drift.estimates import alerting, estimate
from include.jobs.drift.expected_scores import scores_of
from include.jobs.drift.findings import Status
from include.jobs.drift.samples import Sample
from include.jobs.evaluation.answers import Answers
from include.jobs.evaluation.calibration import fit_calibration
from tests.include.jobs.drift.calibrated import CALIBRATION, binary

Array = np.ndarray


def answered(given: Array, name: str = "prediction") -> Sample:
    sample = Sample(10_000)
    sample.add(pa.RecordBatch.from_pydict({name: pa.array(given)}))
    return sample


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


def test_what_cannot_be_estimated_is_said() -> None:
    assert estimate(answered(np.ones(300)), None) is None
    few = estimate(answered(np.full(99, 0.5)), CALIBRATION)
    assert few
    assert "99 answers, fewer than 100" in str(few.reason)
    named = estimate(answered(np.full(300, 0.5), "label"), CALIBRATION)
    assert named
    assert "state no probabilities" in str(named.reason)
    assert named.to_json()["status"] is None
