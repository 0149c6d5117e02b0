"""The pixels of an image as columns, and the digit that it shows."""

from __future__ import annotations

from ..tabular.schema import Schema

PNG = "image/png"
SIDE = 8  # pixels
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

SCHEMA = Schema(
    key="image",
    label="digit",
    labels={name: number for number, name in enumerate(DIGITS)},
    numbers=tuple(f"row{row}_column{column}" for row in range(SIDE) for column in range(SIDE)),
)
