"""The page's two themes."""

from __future__ import annotations

import re

from prodml.reports.document import STYLE, document
from prodml.reports.pictures import DARK, LIGHT, colour


def test_both_themes_define_every_colour_and_nothing_else_is_one() -> None:
    light, dark = STYLE.split("@media(prefers-color-scheme:dark)")
    dark, rules = dark.split("body{", 1)
    for theme in (light, dark):
        assert {f"var({name})" for name in re.findall(r"--c\d+", theme)} == {
            colour(index) for index in range(len(LIGHT))
        }
    assert len(DARK) == len(LIGHT)
    assert set(re.findall(r"var\((--\w+)\)", rules)) <= set(re.findall(r"(--\w+):", dark))
    assert "#" not in rules


def test_a_title_is_text_and_never_markup() -> None:
    assert "<b>" not in document("<b>", "")
