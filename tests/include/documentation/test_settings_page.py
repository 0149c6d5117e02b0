"""Each setting is in the reference, and no path of the machine that builds it."""

from __future__ import annotations

from dataclasses import fields

from include.documentation.settings_page import page
from include.settings import Settings
from tests.root import ROOT


def test_settings_are_documented() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    for field, row in zip(fields(Settings), rows, strict=True):
        assert row.startswith(f"| `{field.metadata['variable']}` | ")


def test_paths_are_relative_to_the_project() -> None:
    text = page()
    assert str(ROOT) not in text
    assert (ROOT / ".env.example").read_text() in text
