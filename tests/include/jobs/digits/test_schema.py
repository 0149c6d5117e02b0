"""The columns of an image are its pixels, in the order in which an image is read."""

from __future__ import annotations

from include.jobs.digits.images import pixels
from include.jobs.digits.png import encode
from include.jobs.digits.schema import SCHEMA, SIDE


def test_the_columns_name_the_pixels_in_the_order_of_an_image() -> None:
    bright = [[0] * SIDE for _ in range(SIDE)]
    bright[2][5] = 255
    named = dict(zip(SCHEMA.inputs, pixels(encode(bright)), strict=True))
    assert [name for name, value in named.items() if value] == ["row2_column5"]


def test_the_name_of_a_digit_stands_for_its_class() -> None:
    assert SCHEMA.labels is not None
    assert [SCHEMA.labels[name] for name in ("zero", "five", "nine")] == [0, 5, 9]
    assert len(SCHEMA.labels) == 10
