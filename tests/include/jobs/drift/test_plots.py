"""Pictures: one axis for both distributions, and nothing where there is nothing to draw."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pyarrow as pa

from include.jobs.drift.columns import Column
from include.jobs.drift.plots import distributions, spark, trend


def column(values: list[object], name: str = "c") -> Column:
    result = Column(name, as_text=isinstance(values[0], str))
    result.add(pa.array(values))
    return result


def test_both_distributions_share_one_axis() -> None:
    was = column([float(i) for i in range(100)])
    now = column([float(i + 300) for i in range(100)])
    picture = distributions(was, now)
    assert re.findall(r">([\d.]+)</text>", picture) == ["0", "399"]


def test_names_and_values_cannot_break_the_page() -> None:
    texts = column(["<b>", "'&"] * 50, name="<i>'")
    picture = distributions(texts, texts)
    assert "<b>" not in picture
    assert "<i>" not in picture
    assert "&lt;b&gt;" in picture


def test_there_is_no_picture_of_what_cannot_be_compared() -> None:
    numbers, texts = column([1.0, 2.0]), column(["a", "b"])
    assert distributions(numbers, texts) == ""
    assert distributions(numbers, None) == ""
    assert distributions(numbers, Column("c")) == ""


def test_one_value_alone_is_still_drawn() -> None:
    assert "NaN" not in distributions(column([5.0] * 10), column([5.0] * 10))


def test_a_spark_needs_two_windows_and_leaves_gaps() -> None:
    assert spark([0.1, None], 0.05) == ""
    assert len(re.findall(r"\d+,\d+", spark([0.1, None, 0.2], 0.05))) == 2


def test_a_trend_has_a_dot_for_every_window() -> None:
    windows = [("a", "OK", 0.01), ("b", "NO_DATA", None), ("c", "ALERT", 0.4)]
    picture = trend(windows, 0.05, 0.1)
    assert re.findall(r"class=d-(\w+)", picture) == ["OK", "NO_DATA", "ALERT"]
    assert "c: ALERT, 0.400" in picture
    titles = re.findall(r"<title>.*?</title>", picture)
    assert [ET.fromstring(title).text for title in titles][1] == "b: NO_DATA"
