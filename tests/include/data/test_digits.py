"""The handwritten digits as images of weeks."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.data.digits import A_WEEK, write_weeks
from include.jobs.digits.png import decode
from include.jobs.digits.schema import DIGITS


def test_weeks_are_complete_folders_of_labelled_images(tmp_path: Path) -> None:
    from sklearn.datasets import load_digits

    paths = write_weeks(tmp_path, weeks=2)
    assert len(set(paths)) == 2 * A_WEEK
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2024-01-01", "2024-01-08"]
    assert all((week / "_SUCCESS").exists() for week in tmp_path.iterdir())
    data = load_digits()
    labels = [DIGITS[target] for target in data.target[: 2 * A_WEEK]]
    assert [path.parent.name for path in paths] == labels
    for row, drawn in zip(decode(paths[-1].read_bytes()), data.images[199], strict=True):
        assert row == pytest.approx([value * 255 / 16 for value in drawn], abs=0.5)
