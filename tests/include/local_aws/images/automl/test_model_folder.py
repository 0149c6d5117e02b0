"""The scripts in a model's folder, from which its container serves."""

from __future__ import annotations

from pathlib import Path

from include.local_aws.containers.image import FOLDER
from tests.include.local_aws.images.modules import Load


def test_the_scripts_are_those_next_to_the_program(load: Load, tmp_path: Path) -> None:
    load("model_folder").add_code(tmp_path, ["tables.py", "refusals.py"])
    copied = {path.name: path.read_bytes() for path in (tmp_path / "code").iterdir()}
    assert copied == {name: (FOLDER / "automl" / name).read_bytes() for name in copied}
    assert sorted(copied) == ["refusals.py", "tables.py"]
