"""Each target of make and each option of a program is in the reference."""

from __future__ import annotations

import re

from include.documentation.commands_page import PROGRAMS, page
from tests.root import ROOT


def test_commands_are_documented() -> None:
    text = page()
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert all(f"| `make {target}` | " in text for target in targets)
    assert "--time-scale" in text
    assert "--date-column" in text
    for title in PROGRAMS:
        shown = text.partition(f"## {title}\n\n```\n")[2]
        assert shown.startswith("usage: "), title
