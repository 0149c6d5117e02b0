"""Fit a calibration to the answers of a model that is too sure of itself."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from include.jobs.drift.calibration import NONE
from include.jobs.evaluation.answers import HALF, Answers
from include.jobs.evaluation.calibration import fit_calibration
from include.jobs.evaluation.scores import SCORES
from tests.include.jobs.evaluation.holdouts import Array, binary

NO_YES = ["no", "yes"]
SHARPER = 4  # times the log-odds of a calibrated model


def decided(chances: Array) -> Answers:
    return Answers(chances, (chances >= HALF).astype(int))


def too_sure(chances: Array) -> Array:
    return 1 / (1 + ((1 - chances) / chances) ** SHARPER)


def test_a_model_that_is_too_sure_gets_probabilities_nearer_to_its_labels() -> None:
    truth, chances, _ = binary(600)
    given = too_sure(chances)
    calibration = fit_calibration(truth, decided(given), NO_YES, HALF)
    assert calibration
    assert calibration.curves[0].method != NONE
    corrected = calibration.apply(given)
    assert metrics.log_loss(truth, corrected) < metrics.log_loss(truth, given)


def test_each_score_has_its_value_by_labels_and_as_it_would_be_estimated() -> None:
    truth, chances, _ = binary(600)
    calibration = fit_calibration(truth, decided(chances), NO_YES, HALF)
    assert calibration
    assert calibration.rows == len(truth)
    assert list(calibration.scores) == list(SCORES["binary"])
    auc = calibration.scores["auc"]
    assert auc.measured == pytest.approx(metrics.roc_auc_score(truth, chances))
    assert auc.estimated == pytest.approx(auc.measured, abs=0.05)


def test_too_few_rows_or_no_probabilities_have_no_calibration() -> None:
    truth, chances, _ = binary(40)
    assert fit_calibration(truth, decided(chances), NO_YES, HALF) is None
    named = np.arange(90) % 3
    assert fit_calibration(named, Answers(named, named), ["a", "b", "c"], HALF) is None
    assert fit_calibration(chances, Answers(chances, chances), [], HALF) is None


def test_a_class_of_few_rows_has_no_calibration() -> None:
    truth, chances, _ = binary(300)
    rare = np.zeros_like(truth)
    rare[:9] = 1
    assert fit_calibration(rare, decided(chances), NO_YES, HALF) is None
