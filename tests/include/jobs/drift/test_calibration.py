"""Probabilities corrected by the curves of an evaluation, and the file that has them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from include.jobs.drift.calibration import (
    ISOTONIC,
    SIGMOID,
    Calibration,
    Curve,
    log_odds,
    read_calibration,
)
from include.jobs.drift.errors import UnreadableData
from tests.include.jobs.drift.calibrated import CALIBRATION


def test_a_calibration_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(CALIBRATION.to_json()))
    assert read_calibration(path) == read_calibration(tmp_path)
    again = read_calibration(path)
    assert again
    assert again.to_json() == CALIBRATION.to_json()
    assert abs(again.apply(np.array([0.99]))[0] - 0.86) < 0.05, "it was too sure of itself"


@pytest.mark.parametrize("text", ["[]", "{}", "not JSON"])
def test_a_file_of_another_kind_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "calibration.json").write_text(text)
    with pytest.raises(UnreadableData, match=r"is no calibration .*Evaluate the model again"):
        read_calibration(tmp_path)


def test_a_folder_may_have_none_and_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    assert read_calibration(tmp_path) is None
    with pytest.raises(UnreadableData, match="FileNotFoundError"):
        read_calibration(tmp_path / "calibration.json")


def test_each_method_corrects_by_its_own_parameters() -> None:
    chances = np.array([0.1, 0.5, 0.9])
    assert Curve().apply(chances).tolist() == chances.tolist()
    same = Curve(SIGMOID, [1.0], [0.0]).apply(chances)
    assert same == pytest.approx(chances)
    milder = Curve(SIGMOID, [0.5], [0.0]).apply(chances)
    assert milder == pytest.approx([0.25, 0.5, 0.75])
    line = Curve(ISOTONIC, [0.0, 0.5, 1.0], [0.2, 0.2, 0.6]).apply(chances)
    assert line == pytest.approx([0.2, 0.2, 0.52])


def test_the_corrected_chances_of_several_classes_come_to_one() -> None:
    halved = Curve(ISOTONIC, [0.0, 1.0], [0.0, 0.5])
    calibration = Calibration(("a", "b", "c"), (halved, Curve(), Curve()), 0.5, 300, {})
    assert not calibration.binary
    corrected = calibration.apply(np.array([[0.8, 0.1, 0.1], [0.0, 0.0, 0.0]]))
    assert corrected[0] == pytest.approx([0.4 / 0.6, 0.1 / 0.6, 0.1 / 0.6])
    assert corrected[1] == pytest.approx([1 / 3, 1 / 3, 1 / 3])


def test_odds_of_certain_answers_are_finite() -> None:
    odds = log_odds(np.array([0.0, 0.5, 1.0]))
    assert np.isfinite(odds).all()
    assert odds[0] == pytest.approx(-odds[2])
    assert odds[1] == 0
