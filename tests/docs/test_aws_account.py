"""The page on real accounts names tests that exist."""

from __future__ import annotations

import re

from include.settings import ROOT

PAGE = (ROOT / "docs" / "explanation" / "aws-account.md").read_text()
OPEN = "| 3 |"  # raw data on a shared disk


def test_each_point_names_tests_that_exist() -> None:
    rows = [line for line in PAGE.splitlines() if re.match(r"\| (S?\d+) \|", line)]
    assert len(rows) == 25
    for row in rows:
        named = re.findall(r"`(tests/[\w/.]+\.py)`", row)
        assert named or row.startswith(OPEN) or "`make matrix`" in row, row
        assert not [path for path in named if not (ROOT / path).is_file()], row
