"""A suite runs from a checkout that has it, and is skipped with the reason otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.fidelity.__main__ import revision
from bench.fidelity.suites import SUITES, Suite, missing


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_what_is_missing_is_named(suite: Suite, tmp_path: Path) -> None:
    assert f"--{suite.name} PATH" in str(missing(suite, None))
    assert f"{tmp_path.name} has no {suite.root}/" in str(missing(suite, tmp_path))
    for target in suite.targets:
        (tmp_path / suite.root / target.replace("*", "a").replace("[cenp]", "c")).mkdir(
            parents=True
        )
    assert missing(suite, tmp_path) is None


def test_a_source_distribution_has_its_version(tmp_path: Path) -> None:
    (tmp_path / "PKG-INFO").write_text("Name: provider\nVersion: 9.1\n")
    assert revision(tmp_path) == "9.1"
