"""The archive of a packed model: the same bytes for the same parts."""

from __future__ import annotations

import tarfile
from pathlib import Path

from tests.include.jobs.tabular.packed_models import packed


def test_parts_are_joined_and_requirements_are_where_the_image_installs_them(
    tmp_path: Path,
) -> None:
    first, again = packed(tmp_path / "first"), packed(tmp_path / "again")
    assert first.read_bytes() == again.read_bytes()
    with tarfile.open(first) as tar:
        names = set(tar.getnames())
    assert {"preprocessing.json", "trained/chance", "trained/code/train.py"} <= names
    assert {
        "code/requirements.txt",
        "code/packed_model.py",
        "code/jobs/tabular/packed_model.py",
    } <= names
