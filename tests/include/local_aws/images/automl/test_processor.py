from __future__ import annotations

import pytest

from tests.include.local_aws.images.modules import Load

ROWS = [["no", "1", "a"], ["yes", "", "b"], ["no", "3", "a"], ["yes", "8", "b"], ["no", "", "c"]]


def test_numbers_are_imputed_and_flagged_and_categories_one_hot(load: Load) -> None:
    fitted = load("processor").Processor.fit(ROWS, scaled=False, classify=True)
    assert fitted.classes == ["no", "yes"]
    assert fitted.label("yes") == "1"
    assert fitted.features(["2", "b"]) == ["2", "0", "0", "1", "0"]
    median_and_rare_value = fitted.features(["", "c"])
    assert median_and_rare_value == ["3", "1", "0", "0", "1"]


def test_scaled_numbers_have_no_mean_and_unit_deviation(load: Load) -> None:
    rows = [["1.5", "10"], ["2.5", "20"]]
    fitted = load("processor").Processor.fit(rows, scaled=True, classify=False)
    assert [fitted.features([cell]) for cell in ("10", "15", "20")] == [["-1"], ["0"], ["1"]]
    assert fitted.label("1.5") == "1.5"


def test_classes_that_are_numbers_keep_their_order(load: Load) -> None:
    rows = [[label, "1"] for label in ("10", "9", "0")]
    fitted = load("processor").Processor.fit(rows, scaled=False, classify=True)
    assert fitted.classes == ["0", "9", "10"]


def test_a_row_of_another_width_is_refused(load: Load) -> None:
    processor = load("processor")
    fitted = processor.Processor.fit(ROWS, scaled=False, classify=True)
    with pytest.raises(processor.BadRow, match="A row has 1 cells, and the model 2 columns"):
        fitted.features(["1"])
