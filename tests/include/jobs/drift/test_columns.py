"""Columns whose cells are not all of one kind, at any place in a block."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from include.jobs.drift.columns import FRACTIONAL, INTEGRAL, STRING, UNKNOWN, Column

NUMBERS = [str(i % 50) for i in range(1000)]


def column(cells: pa.Array) -> Column:
    result = Column("c")
    result.add(cells)
    return result


@pytest.mark.parametrize("at", [0, 500, 995])
def test_a_few_stray_texts_leave_a_column_of_numbers(at: int) -> None:
    cells = [*NUMBERS]
    cells[at : at + 5] = ["n/x"] * 5
    result = column(pa.array(cells))
    assert (result.kind, result.numbers.rows, dict(result.texts.counts)) == (
        INTEGRAL,
        995,
        {"n/x": 5},
    )


@pytest.mark.parametrize("texts_first", [True, False])
def test_a_column_of_both_is_text_of_which_every_cell_counts(texts_first: bool) -> None:
    texts = ["red"] * 600
    cells = texts + NUMBERS if texts_first else NUMBERS + texts
    result = column(pa.array(cells)).settled()
    assert (result.kind, result.present, result.texts.counts["red"]) == (STRING, 1600, 600)
    assert result.texts.counts["7"] == 20


@pytest.mark.parametrize("form", ["{}", " {}", "{} ", "{}.0", "{}e0", "+{}"])
def test_a_number_however_it_is_written(form: str) -> None:
    result = column(pa.array([form.format(n) for n in NUMBERS]))
    assert (result.kind, result.numbers.rows) == (INTEGRAL, 1000)
    assert result.numbers.mean == pytest.approx(24.5)


def test_only_the_cells_of_a_slice_count() -> None:
    """Arrow's buffers continue before and after it."""
    whole = pa.array([float(i) for i in range(100)])
    result = column(whole.slice(10, 5))
    assert (result.numbers.low, result.numbers.high, result.numbers.rows) == (10.0, 14.0, 5)
    texts = pa.array([str(i) for i in range(100)]).slice(10, 5)
    assert column(texts).numbers.mean == 12.0


def test_nulls_and_what_is_not_finite_are_missing() -> None:
    result = column(pa.array([1.5, None, float("nan"), float("inf"), 2.5]))
    assert (result.kind, result.present, result.missing) == (FRACTIONAL, 2, 3)
    assert column(pa.array([None, None], pa.float64())).kind == UNKNOWN
    assert column(pa.array([], pa.string())).rows == 0


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint64(), pa.float32(), pa.decimal128(21, 2)])
def test_every_type_of_number(kind: pa.DataType) -> None:
    result = column(pa.array(range(100)).cast(kind))
    assert (result.kind, result.numbers.high) == (INTEGRAL, 99.0)


def test_batches_come_to_the_same_as_the_whole() -> None:
    values = np.random.default_rng(4).normal(size=200_000)
    whole, parts = column(pa.array(values)), Column("c")
    for part in np.array_split(values, 17):
        parts.add(pa.array(part))
    assert parts.numbers.std == pytest.approx(whole.numbers.std)
    points = np.linspace(-3, 3, 50)
    exact = np.searchsorted(np.sort(values), points, side="right") / len(values)
    for item in (whole, parts):
        assert np.abs(item.numbers.sketch.cdf(points) - exact).max() < 0.001


@pytest.mark.parametrize("at", [0, 500, 995])
def test_a_marker_is_missing_among_numbers_and_a_value_among_texts(at: int) -> None:
    cells = [*NUMBERS]
    cells[at : at + 5] = ["NA", "n/a", " ", "\\N", "-"]
    result = column(pa.array(cells)).settled()
    assert (result.kind, result.missing, result.numbers.rows) == (INTEGRAL, 5, 995)
    texts = column(pa.array(["NA", "gold", "None", " "] * 50)).settled()
    assert (texts.kind, texts.missing) == (STRING, 50)
    assert texts.texts.counts == {"NA": 50, "gold": 50, "None": 50}


def test_markers_alone_are_a_column_without_values() -> None:
    result = column(pa.array(["NA", "None"] * 50))
    assert result.rows == 100
    assert (result.settled().kind, result.missing_share, result.rows) == (UNKNOWN, 1.0, 100)


def test_markers_of_several_batches_merge() -> None:
    first, second = column(pa.array(["1", "NA"] * 50)), column(pa.array(["x", "NA"] * 50))
    first.merge(second)
    assert first.settled().texts.counts["NA"] == 100


def test_a_notation_holds_for_all_batches() -> None:
    """1.234 alone would be a fraction; after 1,5 it is a thousand and more."""
    result = column(pa.array(["1,5", "2.000,25"] * 50))
    result.add(pa.array(["1.234"] * 100))
    assert (result.kind, result.numbers.high, result.numbers.low) == (FRACTIONAL, 2000.25, 1.5)
    assert result.numbers.mean == pytest.approx((1.5 * 50 + 2000.25 * 50 + 1234 * 100) / 200)


def test_values_that_are_known_to_be_texts_are_counted_alike_in_later_batches() -> None:
    first, later = pa.array(["gold", "red", "NA"] * 40), pa.array(["red", "5", "NA"] * 40)
    twice = column(first)
    for batch in (pa.array(["red"] * 10), later):
        twice.add(batch)
    settled = twice.settled()
    assert settled.texts.counts == {"gold": 40, "red": 90, "NA": 80, "5": 40}


def test_infinities_that_add_up_to_nothing_are_missing() -> None:
    mixed = column(pa.array([float("inf"), float("-inf"), float("nan"), 1.0]))
    assert (mixed.numbers.rows, mixed.missing) == (1, 3)
