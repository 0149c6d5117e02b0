"""Numbers as people write them, and words for a missing one."""

from __future__ import annotations

import pyarrow as pa
import pytest

from include.jobs.drift.numerals import COMMA, POINT, is_marker, notation_of, read


def numbers(cells: list[str]) -> tuple[str | None, list[float]]:
    values = pa.array(cells)
    notation = notation_of(values, pa.array([1] * len(cells)))
    return notation, read(values, notation)[0].to_pylist()


@pytest.mark.parametrize(
    ("cells", "notation", "expected"),
    [
        (["12,5", "1.234,50", "7"], COMMA, [12.5, 1234.5, 7]),
        (["1,234.50", "12,345,678"], POINT, [1234.5, 12345678]),
        (["12,34,567.5", "1,000"], POINT, [1234567.5, 1000]),
        (["1 234,5", "1\u202f234,5", "1\u00a0000,0"], COMMA, [1234.5, 1234.5, 1000]),
        (["1'234.5", "1\u2019234.5"], POINT, [1234.5, 1234.5]),
        (["$5", "-$3.50", "($2.00)", "US$ 7"], POINT, [5, -3.5, -2, 7]),
        (["2,50 \u20ac", "EUR 3,10", "\u20ac1.000,00"], COMMA, [2.5, 3.1, 1000]),
        (["12%", "3.5 %"], POINT, [12, 3.5]),
        (["\u22125.5", "+3.5", "4.5-"], POINT, [-5.5, 3.5, -4.5]),
        (["'5.5", '="6.5"'], POINT, [5.5, 6.5]),
        (["5,0E+02", "1,5e-1"], COMMA, [500, 0.15]),
        (["0,125", "1,500"], COMMA, [0.125, 1.5]),
        (["1_234.5", "7"], POINT, [1234.5, 7]),
        (["Rs. 5", "HK$7.5", "8 RUB", "Fr. 9"], POINT, [5, 7.5, 8, 9]),
        (["12,- \u20ac", "1.300,--", "7,5"], COMMA, [12, 1300, 7.5]),
        (["3.5\u2030", "\u20135"], POINT, [3.5, -5]),
        (["\u0661\u0662\u066b\u0665", "\uff17"], POINT, [12.5, 7]),
    ],
)
def test_a_column_is_read_in_its_notation(
    cells: list[str], notation: str, expected: list[float]
) -> None:
    assert numbers(cells) == (notation, expected)


@pytest.mark.parametrize(
    "cells",
    [
        ["2024-01-31", "2024-02-01"],
        ["12:30", "13:45"],
        ["192.168.1.10", "10.0.0.1"],
        ["A12", "B,5"],
        ["1.2.3", "2.0.1"],
        ["555-1234", "$"],
        ["gold", "5,5", "red"],
    ],
)
def test_what_only_looks_like_numbers_stays_text(cells: list[str]) -> None:
    assert numbers(cells) == (None, [])


def test_a_marker_is_known_in_any_case_and_between_blanks() -> None:
    words = ["NA", "n/a", "None", "NULL", "<NA>", "NaT", "\\N", "#N/A", "-", " ", " na ", "?"]
    words += ["1.#INF", "\u221e", "\u2026", "**", "--.--", "TBD", "no data", "Not Reported"]
    assert all(is_marker(pa.array(words)).to_pylist())
    assert not any(is_marker(pa.array(["0", "N", "gold", "-1", "nano"])).to_pylist())
