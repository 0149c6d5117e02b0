"""Draw lines and dots where their values say."""

from __future__ import annotations

import re

import pytest
from prodml.reports.pictures import LIGHT, Dot, Scale, colour, lines, scatter


def _circles(svg: str) -> list[tuple[float, float]]:
    return [
        (float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', svg)
    ]


def test_a_scale_goes_from_one_end_to_the_other() -> None:
    scale = Scale(low=10, high=20, start=100, end=0)
    assert [scale.at(value) for value in (10, 15, 20)] == [100, 50, 0]


def test_colours_beyond_the_palette_stay_apart() -> None:
    colours = [colour(index) for index in range(3 * len(LIGHT))]
    assert len(set(colours)) == len(colours)
    assert colours[0] == "var(--c0)"
    assert colours[len(LIGHT)].startswith("hsl(")


def test_larger_is_further_right_and_further_up() -> None:
    (x1, y1), (x2, y2) = _circles(scatter({0: Dot("a", 1, 1), 1: Dot("b", 2, 2)}, "x", "y"))
    assert x1 < x2
    assert y1 > y2


def test_one_point_is_a_dot_in_the_middle_of_its_axes() -> None:
    svg = lines({"only": [(3.0, 7.0)]}, "x", "y")
    assert len(_circles(svg)) == 1
    assert ">2.5</text>" in svg  # the axis reaches half a unit to either side
    assert ">7.5</text>" in svg


def test_lines_share_their_axes() -> None:
    svg = lines({"low": [(0, 0), (1, 1)], "high": [(0, 10), (1, 100)]}, "rate", "ms")
    assert svg.count("<polyline") == 2
    assert svg.count(">100</text>") == 1
    assert "<circle" not in svg


@pytest.mark.parametrize("index", [0, 5])
def test_a_dot_keeps_the_colour_of_its_place(index: int) -> None:
    assert f"fill:{colour(index)}" in scatter({index: Dot("a", 1, 2)}, "x", "y")


def test_names_and_labels_are_text_and_never_markup() -> None:
    drawn = lines({"<b>": [(0, 1)]}, "<i>", "<u>") + scatter({0: Dot("<b>", 1, 2)}, "<i>", "<u>")
    assert not re.search("<[biu]>", drawn)
    assert drawn.count("&lt;b&gt;") == 3
