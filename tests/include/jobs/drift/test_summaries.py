"""Summaries that come to the same however the rows came in pieces."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from include.jobs.drift import summaries
from include.jobs.drift.summaries import Numbers, Texts, pairs


def summary(values: list[float]) -> Numbers:
    numbers = Numbers()
    numbers.add(np.array(values, float))
    return numbers


def test_moments_of_pieces_are_those_of_the_whole() -> None:
    values = np.random.default_rng(1).normal(1e6, 3, 500)
    merged = Numbers()
    for piece in np.split(values, [7, 100, 100]):
        part = Numbers()
        part.add(piece)
        merged.merge(part)
    assert (merged.rows, merged.low, merged.high) == (500, values.min(), values.max())
    assert merged.mean == pytest.approx(values.mean(), rel=1e-12)
    assert merged.std == pytest.approx(values.std(), rel=1e-9)
    assert merged.sketch.weighted()[1].sum() == 500


def test_integers_are_counted_and_nothing_is_of_no_spread() -> None:
    numbers = summary([1, 2.5, -3, 0])
    numbers.merge(summary([4]))
    assert (numbers.rows, numbers.whole) == (5, 4)
    assert (Numbers().std, Numbers().rows) == (0.0, 0)
    numbers.merge(Numbers())
    assert numbers.rows == 5


def test_texts_are_counted_with_their_times() -> None:
    texts = Texts()
    texts.add(pa.array(["a", "b"]), pa.array([3, 1]))
    texts.merge(Texts(Counter({"b": 2}), other=2))
    assert texts.counts == {"a": 3, "b": 3}
    assert (texts.rows, texts.share("a")) == (8, 3 / 8)
    assert texts.share("absent") == 0


def test_the_rarest_of_many_values_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "MOST_VALUES", 2)
    texts = Texts(Counter({"a": 5, "b": 4, "c": 1, "d": 1}))
    texts.prune()
    assert (texts.counts, texts.other, texts.rows) == ({"a": 5, "b": 4}, 2, 11)
    texts.add(pa.array(["e", "f", "g"]), pa.array([1, 1, 9]))
    assert (texts.counts, texts.rows) == ({"g": 9, "a": 5}, 22)


def test_each_value_has_its_count() -> None:
    assert [*pairs(pa.array(["a", "b"]), pa.array([2, 1]))] == [("a", 2), ("b", 1)]
    with pytest.raises(ValueError, match="shorter"):
        list(pairs(pa.array(["a", "b"]), pa.array([2])))
